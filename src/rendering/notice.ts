import type { ErrorReply } from '../protocol/envelope.js';

/** A refusal where the component would stand: coded and in words. */
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
