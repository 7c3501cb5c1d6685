import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { SocketVisitor } from '../e2e/socket.visitor.js';
import { Forger } from './forger.js';
import { ATTACKERS, Siege, type Opened } from './siege.js';
import { Target } from './target.component.js';

const flipped = (token: string, bit: number): string => {
  const bytes = Buffer.from(token, 'latin1');
  bytes[bit >> 3] ^= 1 << (bit & 7);
  return bytes.toString('latin1');
};

const withPart = (token: string, part: number, text: string): string =>
  token
    .split('.')
    .map((old, i) => (i === part ? text : old))
    .join('.');

/** Another spelling of the same bytes: the unused low bits of the last character. */
const misspelt = (token: string): string => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return token.slice(0, -1) + alphabet[alphabet.indexOf(token.at(-1) ?? 'A') ^ 1];
};

describe.each(ATTACKERS)('tokens over $name', ({ name, open }) => {
  let siege: Siege;
  let forger: Forger;
  let own: Opened;
  let state: string;
  const plain = 'admin';

  beforeAll(async () => {
    siege = await Siege.start({ limits: { maxInFlight: 200 } });
    forger = new Forger(siege.running.app);
    own = await open(siege, { 'x-user': 'mallory' });
    const mounted = await new HttpVisitor(siege.url, { 'x-user': 'mallory' }).mount(plain);
    ({ state } = mounted);
  });

  afterAll(async () => {
    own.close();
    await siege.end();
  });

  const event = (token: unknown, more: object = {}) =>
    own.send({ component: plain, state: token, event: 'increment', seq: 1, ...more });
  const atTarget = (token: unknown, more: object = {}) =>
    own.send({ state: token, event: 'increment', seq: 1, ...more });

  it('with any bit flipped are refused with one and the same body', async () => {
    siege.calm();
    const token = own.state;
    const bodies = new Set<string>();
    // Every bit over the socket; over HTTP, whose requests cost more, every seventh: each bit of a byte, all along.
    const step = name === 'a socket' ? 1 : 7;
    const bits = Array.from({ length: Math.ceil((token.length * 8) / step) }, (_, i) => i * step);
    const tries = bits.length;
    while (bits.length > 0) {
      const answers = await Promise.all(bits.splice(0, 100).map((bit) => atTarget(flipped(token, bit))));
      for (const { reply } of answers) {
        if (reply.ok) throw new Error('accepted');
        bodies.add(JSON.stringify({ ...reply, error: { ...reply.error, ref: '' } }));
      }
    }
    expect([...bodies]).toEqual([expect.stringContaining('"code":"STATE_INVALID"')]);
    expect(Target.calls).toEqual([]);
    await siege.stands();
    expect(siege.log.refusals).toHaveLength(tries);
  }, 30_000);

  it('of any other form are refused', async () => {
    const forms: unknown[] = [
      '',
      null,
      5,
      true,
      {},
      ['x'],
      'x',
      '...',
      '....',
      'lc1.dev.e30',
      `${own.state}.x`,
      `\ufeff${own.state}`,
      `${own.state}\0`,
      `${own.state}==`,
      `${own.state} `,
      misspelt(own.state),
      'a'.repeat(32_768),
    ];
    for (const form of forms) await siege.refuses(() => atTarget(form), 'STATE_INVALID');
  });

  it('longer than any token are refused by size', async () => {
    await siege.refuses(() => atTarget('a'.repeat(32_769)), 'TOO_LARGE');
  });

  it('under another version, key name or length of seal are refused', async () => {
    const signed = forger.resign(state, {});
    for (const version of ['lc0', 'none', 'LC1', 'lc2', 'lc1e', '__proto__', 'constructor']) {
      await siege.refuses(() => event(withPart(signed, 0, version)), 'STATE_INVALID');
    }
    for (const kid of ['other', '__proto__', 'constructor', 'toString', 'a'.repeat(300)]) {
      await siege.refuses(() => event(withPart(signed, 1, kid)), 'STATE_INVALID');
    }
    for (const length of [0, 1, 16, 31, 33, 64]) {
      const seal = Buffer.alloc(length).toString('base64url');
      await siege.refuses(() => event(withPart(signed, 3, seal)), 'STATE_INVALID');
    }
  });

  it('signed by the same key for another purpose are refused', async () => {
    const mine = await ownOf(plain);
    for (const purpose of ['upload', 'csrf', 'ctl', 'sid', 'principal']) {
      const stranger = forger.resign(mine.state, { pur: purpose }, purpose);
      await siege.refuses(() => event(stranger), 'STATE_INVALID');
      await siege.refuses(() => event(forger.resign(mine.state, { pur: 'mount' }, purpose)), 'STATE_INVALID');
    }
    await siege.refuses(() => event(forger.resign(mine.state, { pur: 'state' }, 'mount')), 'STATE_INVALID');
    const sub = forger.resign(mine.state, { pur: 'sub' });
    await siege.refuses(() => event(sub), 'INSTANCE_NOT_FOUND');
  });

  const ownOf = (component: string) => new HttpVisitor(siege.url, { 'x-user': 'mallory' }).mount(component);

  it('past their time are refused, with a minute for clocks', async () => {
    const now = Date.now();
    const seconds = (n: number): number => now + n * 1_000;
    for (const [change, code] of [
      [{ exp: seconds(-62) }, 'STATE_EXPIRED'],
      [{ iat: seconds(65) }, 'STATE_EXPIRED'],
    ] as const) {
      const { state: token } = await ownOf(plain);
      await siege.refuses(() => event(forger.resign(token, change)), code);
    }
    for (const change of [{ exp: seconds(-50) }, { iat: seconds(55) }]) {
      const { state: token } = await ownOf(plain);
      expect((await event(forger.resign(token, change))).reply).toMatchObject({ ok: true, version: 1 });
    }
  });

  it('of another shape are refused by a code of their own', async () => {
    const { state: token } = await ownOf(plain);
    await siege.refuses(() => event(forger.resign(token, { sh: 2 })), 'STATE_OUTDATED');
  });

  it('that say less or other than a token says are refused', async () => {
    const { state: token } = await ownOf(plain);
    for (const change of [{ n: undefined }, { i: 5 }, { exp: 'never' }, { sub: undefined }, { ten: 'other' }]) {
      await siege.refuses(() => event(forger.resign(token, change)), 'STATE_INVALID');
    }
  });

  it('of another user, of a signed-in user for nobody, and of an ended session are refused without a hint', async () => {
    const alice = await new HttpVisitor(siege.url, { 'x-user': 'alice' }).mount(plain);
    const refusal = await siege.refuses(() => event(alice.state), 'STATE_INVALID');
    expect(siege.log.refusals[0].level).toBe('warn');
    const nonsense = await siege.refuses(
      () => event(withPart(forger.resign(state, {}), 3, 'A'.repeat(43))),
      'STATE_INVALID',
    );
    const bare = (text: string): string => text.replace(/"ref":"[^"]+"/, '');
    expect(bare(refusal.text)).toBe(bare(nonsense.text));

    const nobody = await open(siege);
    await siege.refuses(
      () => nobody.send({ component: plain, state: alice.state, event: 'increment' }),
      'STATE_INVALID',
    );
    nobody.close();
    const anonymous = new HttpVisitor(siege.url);
    const { state: lost } = await anonymous.mount(plain);
    await siege.refuses(() => event(lost), 'STATE_INVALID');
  });

  it('of another component or another instance are refused', async () => {
    await siege.refuses(() => atTarget(state, { component: 'target' }), 'STATE_INVALID');
    await siege.refuses(() => event(own.state), 'STATE_INVALID');
    const { component_id } = await ownOf(plain);
    await siege.refuses(() => event(state, { component_id }), 'STATE_INVALID');
  });

  it('that are bad a thousand times over do not lock out a good one', async () => {
    for (let round = 0; round < 10; round += 1) {
      await Promise.all(
        Array.from({ length: 100 }, (_, i) => event(withPart(forger.resign(state, {}), 3, `${round}-${i}`))),
      );
    }
    const { state: good } = await ownOf(plain);
    expect((await event(good)).reply).toMatchObject({ ok: true });
    await siege.stands();
  }, 20_000);
});

describe('a token of a component with a secret', () => {
  it('shows neither the secret nor the props it came from, at mount and after an event', async () => {
    const siege = await Siege.start();
    const socket = await SocketVisitor.connect(siege.url);
    const mounted = await socket.ok('mount', { component: 'target', params: { start: 731_937 } });
    const joined = await socket.ok('join', { component: 'target', state: mounted.state, page: socket.page });
    const http = new HttpVisitor(siege.url);
    const { state } = await http.mount('target', 'start=731937');
    const after = await http.ok('target', { state, event: 'increment' });
    for (const token of [mounted.state, joined.state, state, after.state]) {
      const text = token
        ?.split('.')
        .map((part) => Buffer.from(part, 'base64url').toString('latin1'))
        .join(' ');
      expect(text).not.toMatch(/secret-key|731937/);
    }
    socket.close();
    await siege.end();
  });
});
