import { LiveError } from '../errors/live-error.js';

/** Largest message of a topic or a feed, in bytes of its JSON. */
export const MAX_MESSAGE_BYTES = 1024 * 1024;

/** A message as text. An envelope, so that what somebody else put on the same channel is told from ours. */
export const packMessage = (message: unknown): string => {
  const text = JSON.stringify({ m: message });
  if (text.length > MAX_MESSAGE_BYTES || Buffer.byteLength(text) > MAX_MESSAGE_BYTES) {
    throw new LiveError('TOO_LARGE', `a message has more than ${MAX_MESSAGE_BYTES} bytes: publish its id instead`);
  }
  return text;
};

/** A copy of the message, or why the text is none. */
export const unpackMessage = (text: string): { readonly message: unknown } | { readonly poison: string } => {
  if (text.length > MAX_MESSAGE_BYTES || Buffer.byteLength(text) > MAX_MESSAGE_BYTES) {
    return { poison: `more than ${MAX_MESSAGE_BYTES} bytes` };
  }
  try {
    const parsed = JSON.parse(text) as unknown;
    return isEnvelope(parsed) ? { message: parsed.m } : { poison: 'another shape' };
  } catch {
    return { poison: 'not JSON' };
  }
};

const isEnvelope = (value: unknown): value is { readonly m?: unknown } =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.keys(value).every((key) => key === 'm');
