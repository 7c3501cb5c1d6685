import { describe, expect, it } from '@jest/globals';

import { ViewerMemory } from './viewer-memory.js';

describe('what is remembered of one viewer', () => {
  it('weighs nothing before it is used, and then what its parts do', () => {
    const memory = new ViewerMemory();
    expect(memory.bytes).toBe(0);
    memory.children.show('c', { sealed: '12', html: '<p></p>' });
    expect(memory.bytes).toBe(18);
    memory.forget();
    expect(memory.bytes).toBe(0);
  });

  it('is put down no more where there is no room, in parts that are there and in those to come', () => {
    const memory = new ViewerMemory();
    memory.children.show('c', { sealed: '12', html: '<p></p>' });
    memory.rests = true;
    expect([memory.children.rests, memory.rows.rests, memory.state.rests]).toEqual([true, true, true]);
    memory.rests = false;
    expect([memory.children.rests, memory.rows.rests, memory.state.rests]).toEqual([false, false, false]);
  });
});
