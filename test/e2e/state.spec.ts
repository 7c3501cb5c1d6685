import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Reply } from 'nest-live';
import { StateStore } from 'nest-live/extend';

import { HttpVisitor } from './http.visitor.js';
import { Bell, Cart, Ledger, Money, MONEY, Phase, Wallet } from './ledger.component.js';
import { RunningApp } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';
import { WAYS, type Driver } from './two-ways.js';

const BIG = 9_007_199_254_740_993n;

const htmlOf = (reply: Reply): string => {
  if (!reply.ok) throw new Error(reply.error.code);
  return reply.html ?? '';
};

/** Every part of a token, read as text. */
const insideOf = (token: string): string =>
  token
    .split('.')
    .map((part) => Buffer.from(part, 'base64url').toString('latin1'))
    .join(' ');

describe.each(WAYS)('state over $way', ({ open }) => {
  let running: RunningApp;
  const drivers: Driver[] = [];

  beforeAll(async () => {
    running = await RunningApp.start({ providers: [Ledger, Wallet, Bell, Cart], options: { coders: [MONEY] } });
  });

  afterAll(async () => {
    drivers.forEach((driver) => driver.close());
    await running.close();
  });

  beforeEach(() => {
    Ledger.seen.length = 0;
    Wallet.changes.length = 0;
    Wallet.pins.length = 0;
    Wallet.sums = 0;
    Bell.mounts = 0;
    Bell.rings = 0;
  });

  const start = async (component: string): Promise<Driver> => {
    const driver = await open(running.url, component);
    drivers.push(driver);
    return driver;
  };

  it('of every kind comes back as what it was', async () => {
    const ledger = await start('ledger');
    for (const event of ['step', 'step', 'step', 'look'])
      expect(await ledger.send({ event })).toMatchObject({ ok: true });
    const [state, price, tea] = Ledger.seen.slice(-3);
    expect(state).toStrictEqual({
      when: new Date(3_000),
      rates: new Map([
        ['start', new Date(5)],
        ['r1', new Date(1_000)],
        ['r2', new Date(2_000)],
        ['r3', new Date(3_000)],
      ]),
      tags: new Set(['a', 't1', 't2', 't3']),
      total: 3n * BIG,
      phase: Phase.Closed,
      tree: new Date(10),
      nothing: undefined,
      note: {},
    });
    expect(price).toStrictEqual(new Money(31n, 'EUR'));
    expect(tea).toStrictEqual(new Money(5n, 'EUR'));
  });

  it('written by the client is plain data, whatever type it claims to be', async () => {
    const ledger = await start('ledger');
    const note = { a: { $: 'date', v: 0 }, b: [{ $: 'money', v: { cents: 1, currency: 'EUR' } }], $: 'map', v: [] };
    expect(await ledger.send({ event: 'look', fields: { note } })).toMatchObject({ ok: true });
    expect(await ledger.send({ event: 'look' })).toMatchObject({ ok: true });
    expect(Ledger.seen.filter((seen) => 'note' in seen)).toEqual([
      expect.objectContaining({ note }),
      expect.objectContaining({ note }),
    ]);
  });

  it('is locked unless a field is opened, and says what was there before', async () => {
    const wallet = await start('wallet');
    const locked = await wallet.send({ event: '$set', fields: { label: 'x', count: 5 } });
    expect(locked).toMatchObject({ ok: false, error: { code: 'PROP_LOCKED' } });
    expect(Wallet.changes).toEqual([]);
    expect(htmlOf(await wallet.send({ event: 'blink', fields: { label: 'mine', size: 3 } }))).toContain('<b>1</b>');
    expect(await wallet.send({ event: '$set', fields: { size: 4 } })).toMatchObject({ ok: true });
    expect(Wallet.changes).toEqual([
      { fields: ['label', 'size'], previous: { label: 'none', size: 1 }, now: ['mine', 3] },
      { fields: ['size'], previous: { size: 3 }, now: ['mine', 4] },
    ]);
  });

  it('that the page did not write is not announced', async () => {
    const wallet = await start('wallet');
    expect(await wallet.send({ event: 'blink' })).toMatchObject({ ok: true });
    expect(await wallet.send({ event: 'blink', payload: { label: 'x' } })).toMatchObject({ ok: true });
    expect(Wallet.changes).toEqual([]);
  });

  it('does not hold what is temporary, which is shown once', async () => {
    const wallet = await start('wallet');
    expect(htmlOf(await wallet.send({ event: 'blink' }))).toContain('<i>saved</i>');
    const stored = await running.app.get(StateStore).peek(wallet.id);
    expect(stored?.snapshot).toContain('"label"');
    expect(stored?.snapshot).not.toMatch(/flash|saved/);
    expect(htmlOf(await wallet.send({ event: 'read' }))).toContain('<i></i>');
  });

  it('that is secret is kept, and is in nothing the client gets', async () => {
    const wallet = await start('wallet');
    const replies = [wallet.mounted];
    for (const pin of ['hush-1', 'hush-2', 'hush-3'])
      replies.push(await wallet.send({ event: 'seal', payload: { pin } }));
    replies.push(await wallet.send({ event: 'seal', payload: { pin: 5 } }));
    expect(Wallet.pins).toEqual(['hush-0', 'hush-1', 'hush-2']);
    expect(replies.map(({ ok }) => ok)).toEqual([true, true, true, true, false]);
    for (const reply of replies) {
      expect(JSON.stringify(reply)).not.toMatch(/hush/);
      if (reply.state === undefined) continue;
      expect(reply.state).toMatch(/^lc1e\./);
      expect(insideOf(reply.state)).not.toMatch(/hush|wallet/);
    }
    expect(htmlOf(wallet.mounted)).toContain('[count][label][size]');
  });

  it('is computed once for each render, and afresh wherever a handler asks', async () => {
    const wallet = await start('wallet');
    Wallet.sums = 0;
    expect(htmlOf(await wallet.send({ event: 'blink' }))).toContain('<u>100 100 200</u>');
    expect(Wallet.sums).toBe(1);
    expect(htmlOf(await wallet.send({ event: 'read' }))).toContain('<u>200 200 400</u>');
    expect(Wallet.sums).toBe(4);
  });

  it('that is empty is state: nothing is mounted again', async () => {
    const bell = await start('bell');
    for (const rings of [1, 2, 3]) {
      expect(await bell.send({ event: 'ring' })).toMatchObject({ ok: true, version: rings });
    }
    expect({ mounts: Bell.mounts, rings: Bell.rings }).toEqual({ mounts: 1, rings: 3 });
  });

  it('begins with defaults of its own in every instance', async () => {
    const first = await start('cart');
    const second = await start('cart');
    for (const shown of ['1/1/1', '2/2/2']) expect(htmlOf(await first.send({ event: 'put' }))).toContain(shown);
    expect(htmlOf(await second.send({ event: 'put' }))).toContain('1/1/1');
    expect(htmlOf((await start('cart')).mounted)).toContain('0/0/0');
    expect(htmlOf(await first.send({ event: 'put' }))).toContain('3/3/3');
  });
});

describe('state of one page', () => {
  it('goes on over a socket with the types it had over HTTP', async () => {
    const running = await RunningApp.start({ providers: [Ledger], options: { coders: [MONEY] } });
    const visitor = new HttpVisitor(running.url);
    const mounted = await visitor.mount('ledger');
    const { state } = await visitor.ok('ledger', { state: mounted.state, event: 'step' });
    const socket = await SocketVisitor.connect(running.url, { headers: { cookie: visitor.cookie } });
    await socket.ok('join', { component: 'ledger', component_id: mounted.component_id, state, page: visitor.page });
    Ledger.seen.length = 0;
    expect(await socket.event(mounted.component_id, 'step')).toMatchObject({ ok: true, version: 2 });
    const [seen, price] = Ledger.seen;
    expect(seen).toMatchObject({ when: new Date(2_000), total: 2n * BIG, tags: new Set(['a', 't1', 't2']) });
    expect(price).toStrictEqual(new Money(21n, 'EUR'));
    socket.close();
    await running.close();
  });
});
