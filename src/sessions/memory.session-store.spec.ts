import { describe, expect, it } from '@jest/globals';

import { MemorySessionStore } from './memory.session-store.js';
import { describeSessionStore } from './session-store.contract.js';

describeSessionStore('memory', (options) => new MemorySessionStore(options));

describe('the memory session store', () => {
  it('forgets sessions that nobody asks for any more', async () => {
    let time = 0;
    const store = new MemorySessionStore({ ttlMs: 1_000, now: () => time });
    for (let n = 0; n < 10; n++) await store.create({ userId: `user${n}` });
    time = 120_000;
    await store.create({ userId: 'last' });
    const { sessions, byUser } = store as unknown as Record<'sessions' | 'byUser', Map<string, unknown>>;
    expect([sessions.size, byUser.size]).toEqual([1, 1]);
  });
});
