import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { readPush } from '../../libs/client/src/brief.js';
import { readPacket } from '../../libs/client/src/packet.js';
import type { PatchPush, PreviewFrame, UpdatePush } from '../../src/protocol/envelope.js';
import { pushed, type Known } from '../../src/transport/brief.reply.js';

interface FrameCase {
  readonly title: string;
  readonly push: UpdatePush | PatchPush | PreviewFrame;
  /** What the client knows by the render before it. */
  readonly known: Known;
  readonly frame: string;
  /** To a client that takes what an answer has in a list of its own beside it. */
  readonly spread: string;
  /** To one that has what it knows left out. */
  readonly short: string;
  readonly read: object;
}

const FILE = join(import.meta.dirname, 'cases/frames.json');
const CASES = JSON.parse(readFileSync(FILE, 'utf8')) as readonly FrameCase[];

describe('golden cases of a push', () => {
  it.each(CASES)('are what the server sends: $title', ({ push, known, frame, spread, short }) => {
    expect(`42${JSON.stringify(pushed(push, 'apart', known))}`).toBe(frame);
    expect(`42${JSON.stringify(pushed(push, 'spread', known))}`).toBe(spread);
    expect(`42${JSON.stringify(pushed(push, 'short', known))}`).toBe(short);
    expect(pushed(push, 'short')).toEqual(pushed(push, 'spread'));
  });

  it.each(CASES)(
    'are what our client reads, with an ack asked for or without: $title',
    ({ push, spread, short, read }) => {
      const isBrief = 'patch' in push && Object.keys(push.effects).length === 0;
      for (const text of [spread, short].flatMap((frame) => [frame, frame.replace(/^42/, '4217')])) {
        const { kind, data } = readPacket(text);
        expect(kind).toBe(42);
        const said = data as readonly unknown[];
        const left = said.filter((one) => typeof one === 'number').length;
        // What is left out stands nowhere: whoever shows it knows it.
        const { version, patch: [elements, ...parts] = [] } = read as PatchPush;
        const known = {
          ...read,
          version: left < 4 ? undefined : version,
          patch: [left < 3 ? undefined : elements, ...parts],
        };
        expect(readPush(said)).toEqual(['component_update', isBrief ? known : read]);
      }
    },
  );

  it('leave every other message as it is', () => {
    expect(readPush(['drain', { delayMs: 1 }])).toEqual(['drain', { delayMs: 1 }]);
  });
});
