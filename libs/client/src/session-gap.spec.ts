import { describe, expect, it } from '@jest/globals';

import type { Frame } from './frame.js';
import { createSession } from './session.js';
import type { OkReply } from './wire.js';

const ON_SOCKET = { connection: 1, room: 16 };
const ok = (more: object): OkReply => ({ ok: true, version: 0, epoch: 'e', render: 1, h: 1, ...more });
const refused = (code: string, more: object = {}) => ({
  ok: false as const,
  error: { code, message: code, consumed: false as const, ...more },
});

describe('an event that is refused before it counts', () => {
  it('moves up those behind it, and never one whose answer is still on its way', () => {
    const session = createSession(
      { component: 'c', id: 'i', ticket: 't', page: 'p' },
      { ready: () => undefined, accept: () => true, replace: () => undefined, tell: () => undefined },
    );
    const outcomes: string[] = [];
    const next = (): Frame | undefined => session.next(ON_SOCKET);
    session.answer(next()!, ok({}));
    for (const event of ['slow', 'large', 'more', 'last'])
      session.add({ event, source: undefined, settle: ({ ok: done }) => outcomes.push(`${event}: ${done}`) });
    const [, large, more] = [next()!, next()!, next()!, next()!];
    session.answer(large, refused('TOO_LARGE'));
    // Refused at once, while the answer to the first one is still written.
    session.answer(more, refused('SEQ_GAP', { expected: 2 }));
    const sent = [next(), next(), next()].map((frame) => (frame?.body as unknown[]).slice(1, 3));
    expect(sent).toEqual([
      [1, 'slow'],
      [2, 'more'],
      [3, 'last'],
    ]);
    expect(outcomes).toEqual(['large: false']);
  });
});
