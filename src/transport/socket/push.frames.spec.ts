import { beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocketServer, WebSocket } from 'ws';
import { once } from 'node:events';

import type { Patch, PatchPush } from '../../protocol/envelope.js';
import { headOf, pushed, type Known, type Spelling } from '../brief.reply.js';
import { PushFrames, type PushFrame } from './push.frames.js';

const push = (h: number, render: number, patch: Patch): PatchPush => ({
  component_id: 'c',
  h,
  render,
  patch,
  epoch: 'e',
  version: 41,
  effects: {},
});

describe('pushes as text', () => {
  let frames: PushFrames;

  const frameOf = (one: PatchPush, spelling: 'spread' | 'short' = 'short', known?: Known): PushFrame =>
    frames.of(one, headOf(one, spelling, known));

  beforeEach(() => {
    frames = new PushFrames();
  });

  const patches: readonly Patch[] = [[10, [3, 'a "quoted" ü'], [4, 7]], [10], [2, [0, [1, '<li>x</li>', 0]]]];
  const knowledge: readonly (Known | undefined)[] = [
    undefined,
    ...[true, false].flatMap((version) => [true, false].map((elements) => ({ version, elements }))),
  ];
  const spellings: readonly (Spelling & ('spread' | 'short'))[] = ['spread', 'short'];

  it('are what socket.io would make of the message, in each spelling', () => {
    for (const spelling of spellings)
      for (const known of knowledge)
        for (const patch of patches)
          for (const h of [1, 12]) {
            const one = push(h, 5, patch);
            expect(frameOf(one, spelling, known).text).toBe(`2${JSON.stringify(pushed(one, spelling, known))}`);
          }
  });

  it('are made once for those who are told the very same', () => {
    const [patch] = patches;
    const first = frameOf(push(1, 5, patch));
    expect(first.options.wsPreEncodedFrame).toBeUndefined();
    expect(frameOf(push(1, 5, patch))).toBe(first);
    expect(first.options.wsPreEncodedFrame).toHaveLength(1);
    for (const other of [push(2, 5, patch), push(1, 6, patch), push(1, 5, [...patch] as unknown as Patch)])
      expect(frameOf(other)).not.toBe(first);
  });

  it('differ where a viewer knows more than another one', () => {
    const one = push(1, 5, patches[0]);
    const texts = knowledge.map((known) => frameOf(one, 'short', known).text);
    expect(new Set(texts).size).toBe(3);
  });

  it('come to a WebSocket as they are, whatever their length', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    const client = new WebSocket(`ws://127.0.0.1:${(server.address() as { port: number }).port}`);
    const [line] = (await once(server, 'connection')) as [WebSocket & { _socket: NodeJS.WritableStream }];
    const heard: string[] = [];
    client.on('message', (data: Buffer) => heard.push(data.toString()));
    await once(client, 'open');
    const sent = ['', 'x'.repeat(100), 'ü'.repeat(60), 'x'.repeat(126), 'x'.repeat(65_500), 'é'.repeat(40_000)].map(
      (text) => {
        const one = push(1, 5, [3, [0, text]]);
        frameOf(one);
        const { text: said, options } = frameOf(one);
        // What is not framed here the socket frames itself.
        if (options.wsPreEncodedFrame) line._socket.write(options.wsPreEncodedFrame[0]);
        else line.send(`4${said}`);
        return { said: `4${said}`, isFramed: options.wsPreEncodedFrame !== undefined };
      },
    );
    line.close();
    await once(client, 'close');
    server.close();
    expect(heard).toEqual(sent.map(({ said }) => said));
    expect(sent.map(({ isFramed }) => isFramed)).toEqual([true, true, true, true, true, false]);
  });
});
