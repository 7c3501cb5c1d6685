import { describe, expect, it } from '@jest/globals';

import { MessageQueue } from './message-queue.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a message queue', () => {
  it('calls an idle listener before put returns', () => {
    const heard: unknown[] = [];
    const queue = new MessageQueue('a', (message) => void heard.push(message));
    queue.put(1, 'a');
    queue.put(2, 'a');
    expect(heard).toEqual([1, 2]);
  });

  it('keeps the order when a listener puts more', () => {
    const heard: unknown[] = [];
    const queue: MessageQueue = new MessageQueue('a', (message) => {
      if (message === 1) queue.put(2, 'a');
      heard.push(message);
    });
    queue.put(1, 'a');
    expect(heard).toEqual([1, 2]);
  });

  it('goes on when the overflow listener throws', async () => {
    const heard: unknown[] = [];
    const onOverflow = () => {
      throw new Error('full');
    };
    const listener = async (message: unknown) => {
      await turn();
      heard.push(message);
    };
    const queue = new MessageQueue('a', listener, { maxWaiting: 1, onOverflow });
    for (const message of [1, 2, 3]) queue.put(message, 'a');
    expect(queue.size).toBe(1);
    while (heard.length < 2) await turn();
    expect(heard).toEqual([1, 3]);
  });

  it('delivers nothing after its end', async () => {
    const heard: unknown[] = [];
    const queue = new MessageQueue('a', async (message) => {
      heard.push(message);
      await turn();
    });
    queue.put(1, 'a');
    queue.put(2, 'a');
    queue.end();
    queue.put(3, 'a');
    await turn();
    await turn();
    expect(heard).toEqual([1]);
  });
});
