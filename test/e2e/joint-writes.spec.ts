import type { Server, Socket } from 'node:net';

import { afterEach, describe, expect, it } from '@jest/globals';
import { LiveComponent, OnEvent, State } from 'nest-live';

import { RunningApp } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';

const lines: Socket[] = [];
const waiting = (): number => lines.reduce((sum, { writableLength }) => sum + writableLength, 0);
const seen: number[] = [];

@LiveComponent('tally', { template: '<output>{{count}}</output>' })
class Tally {
  @State() count = 0;

  @OnEvent()
  add(): void {
    this.count += 1;
    seen.push(waiting());
  }
}

const BURST = 20;

describe('answers that are made in one turn of the loop', () => {
  let running: RunningApp;

  afterEach(() => running.close());

  it('go to the system together, and none is late or lost', async () => {
    running = await RunningApp.start({
      providers: [Tally],
      options: { limits: { eventsPerSecond: 0 } },
      configure: (app) => (app.getHttpServer() as Server).on('connection', (line) => lines.push(line)),
    });
    const visitor = await SocketVisitor.connect(running.url);
    const { h } = await visitor.open('tally');
    const asked = Array.from({ length: BURST }, (_, i) => visitor.ok(h, i + 1, 'add'));
    const replies = await Promise.all(asked);
    expect(replies.map(({ seq }) => seq)).toEqual(replies.map((_, i) => i + 1));
    expect(seen).toHaveLength(BURST);
    // A handler finds the answers before it not sent yet.
    expect(seen.filter((bytes) => bytes > 0).length).toBeGreaterThan(0);
    expect(waiting()).toBe(0);
    visitor.close();
  });
});
