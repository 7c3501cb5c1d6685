import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LiveComponent, LivePublisher, OnTopic, State } from 'nest-live';

import { SendWindows } from '../../src/transport/socket/send-windows.js';
import { RunningApp } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';

@LiveComponent('ticker', { template: '<section><h1>Prices of this day</h1><b>{{price}}</b></section>' })
class Ticker {
  @State() price = 0;

  @OnTopic('ticks')
  hear(price: number): void {
    this.price = price;
  }
}

interface Push {
  readonly version: number;
  readonly render: number;
  readonly confirm?: () => void;
}

const until = async (holds: () => boolean): Promise<void> => {
  for (const end = Date.now() + 20_000; !holds() && Date.now() < end;) await new Promise((go) => setTimeout(go, 20));
};

describe('pushes in the compact form', () => {
  let app: RunningApp;
  let visitor: SocketVisitor;
  let pushes: Push[];
  let windows: SendWindows;

  const tick = async (from: number, to: number): Promise<void> => {
    for (let price = from; price <= to; price += 1) await app.app.get(LivePublisher).broadcast('ticks', price);
  };

  beforeAll(async () => {
    app = await RunningApp.start({ providers: [Ticker] });
    windows = app.app.get(SendWindows, { strict: false });
    visitor = await SocketVisitor.connect(app.url, { auth: { acks: true, patches: true, takes: 2 } });
    pushes = [];
    visitor.socket.onAny((name: unknown, ...[version, render, , confirm]: unknown[]) => {
      if (typeof name === 'number') pushes.push({ version, render, confirm } as Push);
    });
    await visitor.open('ticker');
  });

  afterAll(async () => {
    visitor.close();
    await app.close();
  });

  it('are confirmed several at once, and no more than eight are ever unconfirmed', async () => {
    await tick(1, 20);
    await until(() => windows.coalesced === 12 && pushes.length === 8);
    expect(pushes.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(pushes.flatMap(({ confirm }, i) => (confirm ? [i + 1] : []))).toEqual([4, 8]);
    expect(windows.unacked).toBe(8);

    pushes[3].confirm?.();
    await until(() => pushes.length === 9);
    expect(pushes[8]).toMatchObject({ version: 20 });
    expect(windows.unacked).toBe(5);

    pushes[7].confirm?.();
    await until(() => windows.unacked === 1);
    await tick(21, 23);
    await until(() => pushes.length === 12);
    expect(pushes.slice(9).map(({ version }) => version)).toEqual([21, 22, 23]);
    expect(windows.unacked).toBe(4);
  });
});
