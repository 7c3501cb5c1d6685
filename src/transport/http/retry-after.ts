import type { Reply } from '../../protocol/envelope.js';

/** What a refusal says in `retryAfterMs`, as HTTP says it: in whole seconds, and never too early. */
export const retryAfter = (reply: Reply): Readonly<Record<string, string>> =>
  reply.ok || reply.error.retryAfterMs === undefined
    ? {}
    : { 'retry-after': String(Math.ceil(reply.error.retryAfterMs / 1_000)) };
