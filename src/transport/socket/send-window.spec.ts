import { beforeEach, describe, expect, it } from '@jest/globals';

import type { Patch, PatchPush } from '../../protocol/envelope.js';
import { resolveLimits } from '../../protocol/limits.js';
import { ShownRenders } from '../../patch/shown-renders.js';
import { JointWrites } from './joint.writes.js';
import type { LiveSocket } from './live.socket.js';
import { PushFrames } from './push.frames.js';
import { SendWindow, type SendWindowPlan } from './send-window.js';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const push = (render: number): PatchPush => {
  const patch: Patch = [3, [0, `render ${render}`]];
  return { component_id: 'c', h: 1, render, patch, epoch: 'e', version: render, effects: {} };
};

describe('what is sent to one connection', () => {
  let sent: string[];
  let letGo: string[];
  let plan: SendWindowPlan;
  let window: SendWindow;

  const windowOn = (send: (text: string) => unknown): SendWindow => {
    const socket = {
      request: {},
      handshake: { auth: { patches: 3 } },
      conn: { transport: {}, send },
      listenersAnyOutgoing: () => [],
    } as unknown as LiveSocket;
    return new SendWindow(socket, plan);
  };

  beforeEach(() => {
    sent = [];
    letGo = [];
    const limits = resolveLimits();
    plan = {
      limits,
      renders: new ShownRenders(limits),
      writes: new JointWrites(),
      frames: new PushFrames(),
      redraw: () => Promise.resolve('shown'),
      onSlow: (_, reason) => letGo.push(reason),
    };
    window = windowOn((text) => sent.push(/render \d/.exec(text)?.[0] ?? text));
  });

  it('waits for pushes to others, to the end of the turn', async () => {
    window.push(push(1));
    expect(sent).toEqual([]);
    await turn();
    expect(sent).toEqual(['render 1']);
  });

  it('comes in the order in which it was, pushes and answers alike', async () => {
    window.push(push(1));
    window.send(() => sent.push('answer 1'));
    window.push(push(2));
    window.push(push(3));
    window.send(() => sent.push('answer 2'));
    window.push(push(4));
    await turn();
    expect(sent).toEqual(['render 1', 'answer 1', 'render 2', 'render 3', 'answer 2', 'render 4']);
  });

  it('is nothing more once the connection is closed', async () => {
    window.push(push(1));
    window.end();
    await turn();
    expect(sent).toEqual([]);
  });

  it('keeps back nothing of others where it cannot be sent', async () => {
    const hindered = windowOn(() => {
      throw new Error('no such pipe');
    });
    hindered.push(push(1));
    window.push(push(2));
    await turn();
    expect({ sent, letGo }).toEqual({ sent: ['render 2'], letGo: ['nothing can be sent: no such pipe'] });
  });
});
