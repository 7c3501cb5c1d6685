import type { ErrorReply, WireError } from './wire.js';

/** What the words of a refusal call an event that is too large as a whole. */
export const WHOLE = 'data';

/** The refusal of what was not taken, and changed nothing. */
export const tooLarge = (fields?: WireError['fields']): ErrorReply => ({
  ok: false,
  error: { code: 'TOO_LARGE', message: 'This is too much at once. Nothing was changed.', consumed: false, fields },
});

/** The refusal of an event that no server would take in one frame, before it is sent; nothing when it fits. */
export const refuseLarge = (body: object, maxBytes: number): ErrorReply | undefined => {
  if (new TextEncoder().encode(JSON.stringify(body)).length < maxBytes) return;
  return tooLarge({ [WHOLE]: [`It is larger than ${maxBytes.toLocaleString('en')} bytes.`] });
};
