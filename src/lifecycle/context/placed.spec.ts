import { describe, expect, it } from '@jest/globals';

import { packGiven, unpackGiven } from './placed.js';

describe('what an instance was given', () => {
  it('comes back with the places of its slots, whatever their texts hold', () => {
    const slots = { a: 'x\uFFFE0\uFFFEy', b: '' };
    const places = [
      { component: 'leaf', id: 'one', sealed: '{}', secret: false, slot: 'a', at: 1 },
      { component: 'leaf', id: 'two', sealed: '{}', secret: false, slot: 'a', at: 5 },
      { component: 'leaf', id: 'three', sealed: '{}', secret: false, slot: 'b', at: 0 },
    ];
    expect(unpackGiven(packGiven({ slots, places }))).toMatchObject({ slots, places });
  });

  it('is read in the form of before, which had marks in the texts', () => {
    const packed = {
      p: {},
      l: { a: '<i>\uFFFE0\uFFFE</i>\uFFFE2\uFFFE', b: '\uFFFE1\uFFFE' },
      k: [
        ['leaf', 'one', '{}'],
        ['leaf', 'two', '{}'],
        ['leaf', 'three', '{}'],
      ],
    };
    expect(unpackGiven(packed)).toMatchObject({
      slots: { a: '<i></i>', b: '' },
      places: [
        { id: 'one', slot: 'a', at: 3 },
        { id: 'two', slot: 'b', at: 0 },
        { id: 'three', slot: 'a', at: 7 },
      ],
    });
  });
});
