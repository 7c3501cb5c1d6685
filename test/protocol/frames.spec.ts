import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { readPush } from '../../libs/client/src/brief.js';
import { readPacket } from '../../libs/client/src/packet.js';
import type { PatchPush, PreviewFrame, UpdatePush } from '../../src/protocol/envelope.js';
import { pushed, spread } from '../../src/transport/brief.reply.js';

interface FrameCase {
  readonly title: string;
  readonly push: UpdatePush | PatchPush | PreviewFrame;
  readonly frame: string;
  /** To a client that takes what an answer has in a list of its own beside it. */
  readonly spread: string;
  readonly read: object;
}

const FILE = join(import.meta.dirname, 'cases/frames.json');
const CASES = JSON.parse(readFileSync(FILE, 'utf8')) as readonly FrameCase[];

describe('golden cases of a push', () => {
  it.each(CASES)('are what the server sends: $title', ({ push, frame, spread: shorter }) => {
    expect(`42${JSON.stringify(pushed(push))}`).toBe(frame);
    expect(`42${JSON.stringify(spread(pushed(push)))}`).toBe(shorter);
  });

  it.each(CASES)('are what our client reads, with an ack asked for or without: $title', ({ spread: frame, read }) => {
    for (const text of [frame, frame.replace(/^42/, '4217')]) {
      const { kind, data } = readPacket(text);
      expect(kind).toBe(42);
      expect(readPush(data as readonly unknown[])).toEqual(['component_update', read]);
    }
  });

  it('leave every other message as it is', () => {
    expect(readPush(['drain', { delayMs: 1 }])).toEqual(['drain', { delayMs: 1 }]);
  });
});
