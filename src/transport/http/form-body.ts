import { markFormEncoded } from '../../protocol/form-encoding.js';
import { isReserved, type FormBody } from '../../protocol/parse-form.js';
import type { Entered } from '../../rendering/entered-form.js';
import { flat, isPlainForm, readPlainEnvelope } from '../forms/plain-form.js';

/** Names a form may carry for the protocol; every other name is the event's payload. */
const ENVELOPE = new Set(['component', 'event', 'state', 'component_id', 'page', 'seq', 'ticket']);

/** A form-encoded body (htmx, a plain form) as an envelope: text values, typed later by what the handler declares. */
export const readFormBody = (body: FormBody, { isHtmx }: { readonly isHtmx: boolean }): unknown => {
  // htmx says with its own names what it wants.
  if (isPlainForm(body) && !isHtmx) {
    return readPlainEnvelope(body);
  }
  const envelope: Record<string, unknown> = {};
  const payload: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(body)) {
    if (isReserved(name)) {
      continue;
    }
    if (ENVELOPE.has(name)) {
      envelope[name] = name === 'seq' ? Number(value) : value;
      continue;
    }
    Object.defineProperty(payload, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return 'event' in envelope
    ? { ...envelope, payload: markFormEncoded(payload) }
    : { ...envelope, params: markFormEncoded(payload) };
};

/** What a person has entered into such a form, by the names of its controls. */
export const enteredInto = (body: FormBody): Entered =>
  Object.fromEntries(flat(body).filter(([name]) => !isReserved(name) && !ENVELOPE.has(name)));
