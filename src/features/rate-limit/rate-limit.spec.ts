import { afterEach, describe, expect, it } from '@jest/globals';
import { LiveComponent, OnEvent, RateLimit, State, type RateLimitOptions } from 'nest-live';
import { LiveTest } from 'nest-live/testing';

import { FeatureHost } from '../../lifecycle/plan/feature-host.js';
import { networkOf } from '../../protocol/network.js';
import { readRule } from './rate-limit.rule.js';

@RateLimit('3/hour')
@LiveComponent('mailbox', { template: '<p>{{sent}} {{read}}</p>' })
class Mailbox {
  @State() sent = 0;
  @State() read = 0;

  @OnEvent()
  @RateLimit('2/hour')
  send(): void {
    this.sent += 1;
  }

  @OnEvent()
  look(): void {
    this.read += 1;
  }
}

@LiveComponent('invoice-list', { template: '<p>{{made}}</p>' })
class InvoiceList {
  @State() made = 0;

  @OnEvent()
  @RateLimit({ limit: 1, per: 'hour', key: ({ caller }) => caller.tenant })
  make(): void {
    this.made += 1;
  }
}

describe('a rule', () => {
  it.each([
    ['5/sec', 5, 1_000],
    ['60/min', 60, 60_000],
    ['10/hour', 10, 3_600_000],
    ['1000/day', 1_000, 86_400_000],
    [{ limit: 4, per: 'min' }, 4, 60_000],
    [{ limit: 4, per: 250 }, 4, 250],
  ] as const)('is read from %j', (rule, limit, windowMs) => {
    expect(readRule(rule, 'Here')).toEqual({ limit, windowMs, key: undefined });
  });

  it.each([
    ['10/m'],
    ['0/min'],
    ['-1/min'],
    ['1.5/min'],
    ['60 / min'],
    [''],
    ['min'],
    [{ limit: 0, per: 'min' }],
    [{ limit: 3, per: 0 }],
    [{ limit: 3, per: 'week' } as unknown as RateLimitOptions],
    [{ limit: 3, per: 'constructor' } as unknown as RateLimitOptions],
  ] as const)('that is %j is refused where it stands', (rule) => {
    const onMethod = (): unknown => {
      class Shop {
        @OnEvent()
        @RateLimit(rule)
        buy(): void {}
      }
      return Shop;
    };
    const onClass = (): unknown => {
      @RateLimit(rule)
      class Market {}
      return Market;
    };
    expect(onMethod).toThrow(/^Shop\.buy: @RateLimit\(.*\[RATE_LIMIT_INVALID]$/);
    expect(onClass).toThrow(/^Market: @RateLimit\(.*\[RATE_LIMIT_INVALID]$/);
  });

  it('on a method that handles no event stops the start, because nothing would ask it', async () => {
    @LiveComponent('quiet', { template: '<p></p>' })
    class Quiet {
      @RateLimit('1/min')
      helper(): void {}
    }
    await expect(LiveTest.create({ providers: [Quiet] })).rejects.toThrow(/^Quiet\.helper .*\[RATE_LIMIT_INVALID]$/);
  });
});

describe('a rate limit', () => {
  let live: LiveTest;

  afterEach(() => live.close());

  const start = async (): Promise<LiveTest> =>
    (live = await LiveTest.create({ providers: [Mailbox, InvoiceList], options: { logRepeatMs: 0 } }));

  it('on class and method counts each event by itself, under all of its rules', async () => {
    await start();
    const mailbox = await live.as({ id: 'ada' }).mount(Mailbox);
    await mailbox.emit('send');
    await mailbox.emit('send');
    expect(mailbox.error).toBeUndefined();
    await mailbox.emit('send');
    expect(mailbox.error).toMatchObject({ code: 'RATE_LIMITED', retryable: false, consumed: true });
    expect(mailbox.error?.retryAfterMs).toBeGreaterThan(3_500_000);
    for (let time = 0; time < 3; time += 1) await mailbox.emit('look');
    expect(mailbox.error).toBeUndefined();
    await mailbox.emit('look');
    expect(mailbox.error?.code).toBe('RATE_LIMITED');
    expect(mailbox.state).toEqual({ sent: 2, read: 3 });
  });

  it('counts a user in all of its pages, another user apart, and no mounts', async () => {
    await start();
    const ada = live.as({ id: 'ada' });
    const first = await ada.mount(Mailbox);
    const second = await ada.mount(Mailbox);
    for (let time = 0; time < 4; time += 1) await ada.mount(Mailbox);
    await first.emit('send');
    await second.emit('send');
    expect(second.error).toBeUndefined();
    await first.emit('send');
    expect(first.error?.code).toBe('RATE_LIMITED');
    const bob = await live.as({ id: 'bob' }).mount(Mailbox);
    await bob.emit('send');
    expect(bob.error).toBeUndefined();
  });

  it('counts by a key of its own, and by the caller where the key has no answer', async () => {
    await start();
    const code = async (id: string, tenant?: string): Promise<string | undefined> => {
      const list = await live.as({ id }, { tenant }).mount(InvoiceList);
      await list.emit('make');
      return list.error?.code;
    };
    expect(await code('ada', 'acme')).toBeUndefined();
    expect(await code('bob', 'acme')).toBe('RATE_LIMITED');
    expect(await code('cem', 'x'.repeat(5_000))).toBeUndefined();
    expect(await code('dan', `${'x'.repeat(4_999)}y`)).toBeUndefined();
    expect(await code('eve')).toBeUndefined();
    expect(await code('fay')).toBeUndefined();
    expect(await code('fay')).toBe('RATE_LIMITED');
  });
});

describe('the network of an address', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['192.0.2.7:5123', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:DB8:1:2::9', '2001:db8:1:2'],
    ['[2001:db8:1:2::9]:443', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['::1', '0:0:0:0'],
    ['unix', 'unix'],
    ['', ''],
  ])('of %j is %j', (address, network) => expect(networkOf(address)).toBe(network));
});

describe('the browser client', () => {
  it.each([
    ['is', 'an event with a rate', [InvoiceList], true],
    ['is not', 'an application without any', [], false],
  ])('%s given the part that counts down for %s', async (_is, _where, providers, isGiven) => {
    const live = await LiveTest.create({ providers });
    expect(live.app.get(FeatureHost, { strict: false }).clientModules.has('retry')).toBe(isGiven);
    await live.close();
  });
});
