import type { PendingEvent } from './pending-event.js';
import type { ErrorReply } from './wire.js';

/** What the words of a refusal call an event that is too large as a whole. */
const WHOLE = 'data';

const sizeOf = (value: unknown): number => new Blob([JSON.stringify(value) ?? '']).size;

/** The refusal of an event that no server would take in one frame, before it is sent; nothing when it fits. */
export const refuseLarge = (body: object, maxBytes: number): ErrorReply | undefined => {
  if (sizeOf(body) < maxBytes) return;
  const fields = { [WHOLE]: [`It is larger than ${maxBytes.toLocaleString('en')} bytes.`] };
  const message = 'This is too much at once. Nothing was changed.';
  return { ok: false, error: { code: 'TOO_LARGE', message, consumed: false, fields } };
};

/** The field that a refusal is about: of a whole event, the one that holds the most. */
export const refusedField = (field: string, event?: PendingEvent): string => {
  if (field !== WHOLE) return field;
  const { payload, fields } = event ?? {};
  const entered = [...Object.entries(payload ?? {}), ...Object.entries(fields ?? {})];
  return entered.sort(([, one], [, other]) => sizeOf(other) - sizeOf(one))[0]?.[0] ?? field;
};
