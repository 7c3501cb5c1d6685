import { describe, expect, it } from '@jest/globals';

import { describeFormStore } from './form-store.contract.js';
import { MemoryFormStore } from './memory.form-store.js';

describeFormStore('memory', () => {
  const store = new MemoryFormStore();
  return Promise.resolve([store, store]);
});

describe('a memory form store', () => {
  it('holds nothing that is over its time once another form comes', async () => {
    let now = 0;
    const store = new MemoryFormStore(() => now);
    for (let i = 0; i < 100; i += 1) await store.put(`short-${i}`, 'x', 1_000);
    for (let i = 0; i < 100; i += 1) await store.put(`long-${i}`, 'x', 5_000);
    expect(store.size).toBe(200);
    now = 2_000;
    await store.put('new', 'x', 1_000);
    expect(store.size).toBe(101);
  });
});
