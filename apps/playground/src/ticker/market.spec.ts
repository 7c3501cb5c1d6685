import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { LivePublisher } from 'nest-live';

import { Market } from './market.js';

class Heard implements Pick<LivePublisher, 'broadcast'> {
  readonly topics: string[] = [];

  broadcast(topic: string): Promise<void> {
    this.topics.push(topic);
    return Promise.resolve();
  }
}

describe('Market', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('moves and tells each second, until the application stops', () => {
    const heard = new Heard();
    const market = new Market(heard as unknown as LivePublisher);
    const before = market.quotes;

    market.onApplicationBootstrap();
    jest.advanceTimersByTime(3_000);
    expect(heard.topics).toEqual(['market.tick', 'market.tick', 'market.tick']);
    expect(market.quotes).not.toEqual(before);
    expect(market.quotes.map(({ symbol }) => symbol)).toEqual(before.map(({ symbol }) => symbol));

    market.onModuleDestroy();
    jest.advanceTimersByTime(3_000);
    expect(heard.topics).toHaveLength(3);
    expect(jest.getTimerCount()).toBe(0);
  });
});
