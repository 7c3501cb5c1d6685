import { setTimeout as wait } from 'node:timers/promises';

import { afterEach, describe, expect, it } from '@jest/globals';
import type { LoggerService } from '@nestjs/common';
import { Computed, LiveComponent, LivePublisher, OnEvent, OnTopic, State, type UpdatePush } from 'nest-live';

import { SendWindows } from '../../src/transport/socket/send-windows.js';
import { RunningApp } from './running-app.js';
import { goOnReading, stopReading } from './slow.reader.js';
import { SocketVisitor } from './socket.visitor.js';

const FRAME = 64 * 1024;
const SOFT = 256 * 1024;
const HARD = 1024 * 1024;

@LiveComponent('wall', { template: '<p><output>{{line}}</output>{{filling}}</p>' })
class Wall {
  @State() line = 0;

  @Computed()
  get filling(): string {
    return 'x'.repeat(FRAME);
  }

  @OnTopic('wall')
  hear(line: number): void {
    this.line = line;
  }

  @OnEvent()
  look(): void {}
}

class Lines implements LoggerService {
  readonly warnings: string[] = [];
  log(): void {}
  error(): void {}
  warn(message: unknown): void {
    this.warnings.push(String(message));
  }
}

const lineOf = ({ html }: UpdatePush): number => Number(/<output>(\d+)/.exec(html)?.[1]);

const until = async (reached: () => boolean, what: string): Promise<void> => {
  const end = Date.now() + 20_000;
  while (!reached()) {
    if (Date.now() > end) throw new Error(`waited for ${what} in vain`);
    await wait(5);
  }
};

describe('a client that reads slowly', () => {
  let running: RunningApp;
  let windows: SendWindows;
  let sample: NodeJS.Timeout;
  let mostBuffered = 0;
  const log = new Lines();

  const start = async (limits: object): Promise<void> => {
    const bounds = { bufferedSoftBytes: SOFT, bufferedHardBytes: HARD, eventsPerSecond: 0, ...limits };
    running = await RunningApp.start({ providers: [Wall], options: { limits: bounds }, logger: log });
    windows = running.app.get(SendWindows, { strict: false });
    mostBuffered = 0;
    sample = setInterval(() => (mostBuffered = Math.max(mostBuffered, windows.mostBuffered)), 1);
  };

  afterEach(async () => {
    clearInterval(sample);
    await running.close();
  });

  /** Pushes until the windows say that somebody waits, and on; the others see every line. */
  const pushLines = async (count: number, normal: SocketVisitor): Promise<void> => {
    const publisher = running.app.get(LivePublisher);
    for (let line = 1; line <= count; line += 1) {
      await publisher.broadcast('wall', line);
      await until(() => normal.updates.length === line, `line ${line}`);
    }
  };

  it('is kept in bounds, holds up nobody, and gets the newest state alone when it reads on', async () => {
    await start({});
    const slow = await SocketVisitor.connect(running.url);
    const normal = await SocketVisitor.connect(running.url);
    await slow.open('wall');
    await normal.open('wall');
    stopReading(slow);
    await pushLines(300, normal);
    expect(windows.waiting).toBe(1);
    expect(windows.coalesced).toBeGreaterThan(50);
    goOnReading(slow);
    await until(() => slow.updates.map(lineOf).at(-1) === 300, 'the newest line');
    expect(slow.updates.length).toBeLessThan(250);
    const lines = slow.updates.map(lineOf);
    expect(lines).toEqual([...lines].sort((a, b) => a - b));
    expect(lines.at(-1)! - lines.at(-2)!).toBeGreaterThan(50);
    expect(mostBuffered).toBeGreaterThan(SOFT);
    expect(mostBuffered).toBeLessThan(SOFT + 2 * FRAME);
    await until(() => windows.watched === 0, 'the end of the watch');
    slow.close();
    normal.close();
  });

  it('is let go when it takes nothing for too long, and may come back', async () => {
    await start({ slowClientMs: 500 });
    const slow = await SocketVisitor.connect(running.url);
    const normal = await SocketVisitor.connect(running.url);
    await slow.open('wall');
    await normal.open('wall');
    stopReading(slow);
    await pushLines(300, normal);
    await until(() => windows.size === 1, 'the close');
    expect(log.warnings.filter((line) => line.includes('SLOW_CLIENT'))).toHaveLength(1);
    expect(windows.watched).toBe(0);
    const closed = slow.closed();
    goOnReading(slow);
    expect(await closed).toBe('transport close');
    const again = await SocketVisitor.connect(running.url);
    expect(await again.open('wall')).toMatchObject({ ok: true });
    again.close();
    normal.close();
  });

  it('is let go when answers that it asked for pass the hard limit', async () => {
    await start({});
    const slow = await SocketVisitor.connect(running.url);
    const { component_id } = await slow.open('wall');
    stopReading(slow);
    for (let seq = 1; windows.size === 1; seq += 1) {
      slow.socket.emit('component_event', { component_id, event: 'look', seq }, () => undefined);
      await wait(1);
      if (seq > 2_000) throw new Error('it was never let go');
    }
    expect(mostBuffered).toBeLessThan(HARD + 2 * FRAME);
    expect(log.warnings.some((line) => line.includes('SLOW_CLIENT') && line.includes(String(HARD)))).toBe(true);
    const closed = slow.closed();
    goOnReading(slow);
    expect(await closed).toBe('transport close');
  });

  it('is sent no more than eight renders that it has not confirmed, and then the newest', async () => {
    await start({});
    const quiet = await SocketVisitor.connect(running.url, { auth: { acks: true } });
    const normal = await SocketVisitor.connect(running.url, { auth: { acks: false } });
    const confirms: (() => void)[] = [];
    quiet.socket.on('component_update', (_: UpdatePush, confirm: () => void) => confirms.push(confirm));
    await quiet.open('wall');
    await normal.open('wall');
    await pushLines(40, normal);
    expect(quiet.updates.map(lineOf)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect({ unacked: windows.unacked, waiting: windows.waiting }).toEqual({ unacked: 8, waiting: 1 });
    confirms[0]();
    await quiet.pushed(9);
    expect(lineOf(quiet.updates[8])).toBe(40);
    expect(windows.unacked).toBe(8);
    confirms.splice(0).forEach((confirm) => confirm());
    await until(() => windows.unacked === 0, 'all confirmations');
    quiet.close();
    normal.close();
  });
});
