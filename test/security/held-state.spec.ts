import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LiveComponent, OnEvent, Secret, State } from 'nest-live';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { Forger } from './forger.js';
import { Siege } from './siege.js';
import { Target } from './target.component.js';

/** Worth changing: the page holds it all. */
@LiveComponent('purse', { state: 'client', template: '<p>{{coins}}</p>' })
class Purse {
  @State() coins = 1;

  @OnEvent()
  earn(): void {
    Target.calls.push('earn');
    this.coins += 1;
  }
}

@LiveComponent('wallet', { state: 'client', template: '<p>{{coins}}</p>' })
class Wallet extends Purse {
  @Secret() pin = 'secret-key-of-the-state';
}

@LiveComponent('meter', { state: { held: 'client', replay: 'allow' }, template: '<p>{{coins}}</p>' })
class Meter extends Purse {}

const flipped = (token: string, bit: number): string => {
  const bytes = Buffer.from(token, 'latin1');
  bytes[bit >> 3] ^= 1 << (bit & 7);
  return bytes.toString('latin1');
};

describe.each(['purse', 'wallet', 'meter'])('the state of a %s, which its page holds', (name) => {
  let siege: Siege;
  let mallory: HttpVisitor;

  beforeAll(async () => {
    siege = await Siege.start({ providers: [Purse, Wallet, Meter] });
    mallory = new HttpVisitor(siege.url, { 'x-user': 'mallory' });
  });

  afterAll(() => siege.end());

  const earn = (state: string | undefined, seq: number, visitor = mallory) =>
    visitor.post(name, { state, event: 'earn', seq });

  it('cannot be changed by any bit, before the first event or after it', async () => {
    const { state } = await mallory.mount(name);
    const after = await mallory.ok(name, { state, event: 'earn', seq: 1 });
    siege.calm();
    const bodies = new Set<string>();
    for (const token of [state, after.state]) {
      const bits = Array.from({ length: Math.ceil((token.length * 8) / 11) }, (_, i) => i * 11);
      while (bits.length > 0) {
        for (const { reply } of await Promise.all(bits.splice(0, 60).map((bit) => earn(flipped(token, bit), 2)))) {
          if (reply.ok) throw new Error('accepted');
          bodies.add(JSON.stringify({ ...reply, error: { ...reply.error, ref: '' } }));
        }
      }
    }
    expect([...bodies]).toEqual([expect.stringContaining('"code":"STATE_INVALID"')]);
    expect(Target.calls).toEqual([]);
    expect((await mallory.ok(name, { state: after.state, event: 'earn', seq: 2 })).html).toContain('>3<');
  }, 30_000);

  it('is nobody else’s: another user, nobody, another component or instance', async () => {
    const alice = new HttpVisitor(siege.url, { 'x-user': 'alice' });
    const mounted = await alice.mount(name);
    const { state } = await alice.ok(name, { state: mounted.state, event: 'earn', seq: 1 });
    await siege.refuses(() => earn(state, 2), 'STATE_INVALID');
    await siege.refuses(() => earn(state, 2, new HttpVisitor(siege.url)), 'STATE_INVALID');
    const { component_id } = await alice.mount(name);
    const other = name === 'purse' ? 'meter' : 'purse';
    await siege.refuses(() => alice.post(other, { state, event: 'earn', seq: 2 }), 'STATE_INVALID');
    await siege.refuses(() => alice.post(name, { state, component_id, event: 'earn', seq: 2 }), 'STATE_INVALID');
  });
});

describe('an older state that is presented again', () => {
  let siege: Siege;

  beforeAll(async () => {
    siege = await Siege.start({ providers: [Purse, Meter] });
  });

  afterAll(() => siege.end());

  /** Seven events, and the tokens along the way: the third is the one to come back to. */
  const spend = async (name: string) => {
    const visitor = new HttpVisitor(siege.url, { 'x-user': 'mallory' });
    const { state } = await visitor.mount(name);
    const tokens = [state];
    for (let seq = 1; seq <= 7; seq += 1) {
      tokens.push((await visitor.ok(name, { state: tokens[seq - 1], event: 'earn', seq })).state);
    }
    siege.calm();
    return { visitor, tokens };
  };

  it('is accepted where the component allows replays, each time as an event of its own', async () => {
    const { visitor, tokens } = await spend('meter');
    for (const seq of [8, 9]) {
      const replayed = await visitor.ok('meter', { state: tokens[3], event: 'earn', seq });
      expect(replayed).toMatchObject({ version: 4, seq, html: expect.stringContaining('>5<') });
    }
  });

  it('is stale otherwise: a repeated number gets its answer, any other the newest state', async () => {
    const { visitor, tokens } = await spend('purse');
    const stale = await siege.refuses(
      () => visitor.post('purse', { state: tokens[3], event: 'earn', seq: 8 }),
      'STATE_STALE',
    );
    expect(stale.reply).toMatchObject({ html: expect.stringContaining('>8<') });
    const repeated = await visitor.ok('purse', { state: tokens[6], event: 'earn', seq: 7 });
    expect(repeated).toMatchObject({ dup: true, version: 7, html: expect.stringContaining('>8<') });
    expect(Target.calls).toEqual([]);
    const next = await visitor.ok('purse', { state: repeated.state, event: 'earn', seq: 8 });
    expect(next.html).toContain('>9<');
  });

  it('is applied once of a hundred that present it at the same moment', async () => {
    const { visitor, tokens } = await spend('purse');
    const replies = await Promise.all(
      Array.from({ length: 100 }, () => visitor.post('purse', { state: tokens[7], event: 'earn', seq: 8 })),
    );
    expect(replies.filter(({ reply }) => reply.ok && !reply.dup)).toHaveLength(1);
    expect(Target.calls).toEqual(['earn']);
  });

  it('is refused when its position was made up by somebody who has the key of another purpose only', async () => {
    const { visitor, tokens } = await spend('purse');
    const forger = new Forger(siege.running.app);
    const made = forger.resign(tokens[3], { v: 7 }, 'mount');
    await siege.refuses(() => visitor.post('purse', { state: made, event: 'earn', seq: 8 }), 'STATE_INVALID');
  });

  it('of a version that the register does not know yet is a store that has lost something', async () => {
    const { visitor, tokens } = await spend('purse');
    const ahead = new Forger(siege.running.app).resign(tokens[7], { v: 9 });
    await siege.refuses(() => visitor.post('purse', { state: ahead, event: 'earn', seq: 8 }), 'STATE_ROLLED_BACK');
    // What the store still knows is shown, after the client has said that something was lost.
    const { html, version } = await visitor.ok('purse', { state: ahead, fresh: true });
    expect([version, html]).toEqual([7, expect.stringContaining('>8<')]);
  });
});
