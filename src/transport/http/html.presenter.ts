import { withRootAttributes } from '../../rendering/root-attributes.js';
import type { ErrorReply, OkReply } from '../../protocol/envelope.js';

/** An accepted interaction as HTML: the component with its next token, so that the page needs no script to go on. */
export const presentHtml = (reply: OkReply): string => {
  const { html = '', state } = reply;
  if (state === undefined || html === '' || reply.version === 0) {
    return html;
  }
  return withRootAttributes(html, { 'live-state': state });
};

/** A refusal as HTML: coded, in words, in place. */
export const presentNotice = ({ error }: ErrorReply, component?: string): string => {
  const fields = Object.entries(error.fields ?? {})
    .flatMap(([field, messages]) => messages.map((message) => (field ? `${field}: ${message}` : message)))
    .map((message) => `<li>${escapeHtml(message)}</li>`)
    .join('');
  const list = fields ? `<ul>${fields}</ul>` : '';
  const named = component === undefined ? '' : ` data-component="${escapeHtml(component)}"`;
  return `<div class="live-notice" role="alert" live-notice data-code="${error.code}"${named}><p>${escapeHtml(error.message)}</p>${list}</div>`;
};

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => ESCAPES[char]);
