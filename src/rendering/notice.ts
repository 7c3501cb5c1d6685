import type { ErrorReply } from '../protocol/envelope.js';
import { escaped } from './escape.js';

/** A refusal where the component would stand: coded and in words. */
export const presentNotice = ({ error }: ErrorReply, component?: string): string => {
  const fields = Object.entries(error.fields ?? {})
    .flatMap(([field, messages]) => messages.map((message) => (field ? `${field}: ${message}` : message)))
    .map((message) => `<li>${escaped(message)}</li>`)
    .join('');
  const list = fields ? `<ul>${fields}</ul>` : '';
  const named = component === undefined ? '' : ` data-component="${escaped(component)}"`;
  return `<div class="live-notice" role="alert" live-notice data-code="${error.code}"${named}><p>${escaped(error.message)}</p>${list}</div>`;
};
