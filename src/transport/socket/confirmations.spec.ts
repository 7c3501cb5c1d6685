import { beforeEach, describe, expect, it } from '@jest/globals';

import { Confirmations } from './confirmations.js';

describe('renders that a client has not confirmed', () => {
  let confirmations: Confirmations;

  /** @returns after which of them the client is asked */
  const send = (count: number, isSmall: boolean, confirms: (() => void)[] = []): number[] =>
    Array.from({ length: count }, (_, i) => i + 1).filter(() => {
      const mayBeSilent = confirmations.add(isSmall);
      if (!mayBeSilent) confirms.push(confirmations.ask());
      return !mayBeSilent;
    });

  beforeEach(() => {
    confirmations = new Confirmations(8);
  });

  it('are as many as there is room for, and it is asked at half of it', () => {
    expect(send(7, false)).toEqual([4]);
    expect(confirmations.hasRoom).toBe(true);
    expect(send(1, false)).toEqual([1]);
    expect({ room: confirmations.hasRoom, renders: confirmations.unconfirmed }).toEqual({ room: false, renders: 8 });
  });

  it('are eight times as many where they are small', () => {
    expect(send(63, true)).toEqual([32]);
    expect(confirmations.hasRoom).toBe(true);
    expect(send(1, true)).toEqual([1]);
    expect({ room: confirmations.hasRoom, renders: confirmations.unconfirmed }).toEqual({ room: false, renders: 64 });
  });

  it('fill the room together', () => {
    send(4, false);
    send(31, true);
    expect(confirmations.hasRoom).toBe(true);
    send(1, true);
    expect(confirmations.hasRoom).toBe(false);
  });

  it('are confirmed with the one that was asked for, and those before it', () => {
    const confirms: (() => void)[] = [];
    send(40, true, confirms);
    expect(confirms).toHaveLength(1);
    confirms[0]();
    expect(confirmations.unconfirmed).toBe(8);
  });

  it('are asked for each time where there is room for one', () => {
    confirmations = new Confirmations(1);
    expect(send(1, false)).toEqual([1]);
    expect(confirmations.hasRoom).toBe(false);
  });

  it('count no more when the connection is over, whoever confirms then', () => {
    const confirms: (() => void)[] = [];
    send(8, false, confirms);
    confirmations.forget();
    confirms.forEach((confirm) => confirm());
    expect({ room: confirmations.hasRoom, renders: confirmations.unconfirmed }).toEqual({ room: true, renders: 0 });
  });
});
