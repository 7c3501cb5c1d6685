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

/** A refusal as HTML: the notice at the end of the component as it is, or alone where there is nothing to show. */
export const presentRefusal = (reply: ErrorReply, component: string): string => {
  const { html, state } = reply;
  const notice = presentNotice(reply, component);
  const end = html?.lastIndexOf('</') ?? -1;
  if (html === undefined || end < 0) {
    return notice;
  }
  const shown = html.slice(0, end) + notice + html.slice(end);
  return state === undefined ? shown : withRootAttributes(shown, { 'live-state': state });
};

/** The notice alone: coded and in words. */
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
