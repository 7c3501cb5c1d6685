import type { Server, Socket } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Computed, LiveComponent, OnEvent, State } from 'nest-live';

import { RunningApp } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';

const SOFT = 8 * 1024;
const BURST = 20;

let lines: Socket[] = [];
let seen: number[] = [];
/** Bytes that are not with the system yet. */
const waiting = (): number => lines.reduce((sum, { writableLength }) => sum + writableLength, 0);

@LiveComponent('tally', { template: '<output>{{count}}</output>' })
class Tally {
  @State() count = 0;

  @OnEvent()
  add(): void {
    this.count += 1;
    seen.push(waiting());
  }
}

@LiveComponent('wall', { template: '<p>{{count}}{{filling}}</p>' })
class Wall {
  @State() count = 0;

  @Computed()
  get filling(): string {
    return 'x'.repeat(2 * SOFT);
  }

  @OnEvent()
  add(): void {
    this.count += 1;
    seen.push(waiting());
  }
}

describe('answers that are made in one turn of the loop', () => {
  let running: RunningApp;
  let visitor: SocketVisitor;

  beforeEach(async () => {
    lines = [];
    seen = [];
    running = await RunningApp.start({
      providers: [Tally, Wall],
      options: { limits: { eventsPerSecond: 0, bufferedSoftBytes: SOFT } },
      configure: (app) => (app.getHttpServer() as Server).on('connection', (line) => lines.push(line)),
    });
    visitor = await SocketVisitor.connect(running.url);
  });
  afterEach(async () => {
    visitor.close();
    await running.close();
  });

  /** Many events at once. @returns the numbers of their answers */
  const burst = async (component: string): Promise<unknown[]> => {
    const { h } = await visitor.open(component);
    const replies = await Promise.all(Array.from({ length: BURST }, (_, i) => visitor.ok(h, i + 1, 'add')));
    expect(seen).toHaveLength(BURST);
    expect(waiting()).toBe(0);
    return replies.map(({ seq }) => seq);
  };

  it('go to the system together, and none is lost', async () => {
    expect(await burst('tally')).toEqual(Array.from({ length: BURST }, (_, i) => i + 1));
    // A handler finds the answers before it not sent yet.
    expect(seen.filter((bytes) => bytes > 0).length).toBeGreaterThan(0);
  });

  it('wait for nobody where they are more than may wait for a client', async () => {
    expect(await burst('wall')).toEqual(Array.from({ length: BURST }, (_, i) => i + 1));
    expect(seen).toEqual(seen.map(() => 0));
  });
});
