import { randomBytes } from 'node:crypto';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CacheRender, LiveComponent, OnEvent, Payload, Session, State, type LimitsOptions } from 'nest-live';
import { RedisModule } from 'nest-live/redis';

import { RedisLink } from '../../libs/redis/src/redis.link.js';
import { HttpVisitor } from '../e2e/http.visitor.js';
import { PLATFORMS, RunningApp } from '../e2e/running-app.js';
import { HeaderCaller } from '../pipeline/probe.component.js';
import { RedisServer } from '../redis/redis.server.js';

@LiveComponent('note', { template: '<p>{{text}}</p>' })
class Note {
  @State() text = '';

  @OnEvent()
  write(@Payload('text') text: string): void {
    this.text = text;
  }
}

@LiveComponent('held-note', { template: '<p>{{text}}</p>', state: 'client' })
class HeldNote extends Note {}

@LiveComponent('draft', { template: '<p>{{text}}</p>', persist: true, publicProps: ['key'] })
class Draft extends Note {}

@LiveComponent('basket', { template: '<p>{{text}}</p>' })
class Basket {
  @Session() text = '';

  @OnEvent()
  write(@Payload('text') text: string): void {
    this.text = text;
  }
}

let mounts = 0;

@CacheRender({ ttl: 60, public: true, key: ({ props }) => String(props.list) })
@LiveComponent('catalogue', { template: '<p>{{made}} {{list}}</p>', publicProps: ['list'] })
class Catalogue {
  @State() list = '';
  @State() made = 0;

  onMount({ list = '' }: { list?: string }): void {
    mounts += 1;
    this.made = mounts;
    this.list = list;
  }
}

const KIB = 1024;
const LIMITS: LimitsOptions = {
  maxStrangerBytes: 512 * KIB,
  maxBytesPerStranger: 128 * KIB,
  eventsPerSecondPerCaller: 0,
};
const LONG = 'x'.repeat(8_000);
const SHORT = 'x'.repeat(1_000);

const STORES = ['memory', 'Redis'] as const;

const CASES = PLATFORMS.flatMap((platform) => STORES.map((store) => ({ platform, store })));

describe.each(CASES)('what strangers have kept on $platform in $store', ({ platform, store }) => {
  let running: RunningApp;
  let redis: RedisServer | undefined;
  let prefix: string;

  const start = (): Promise<RunningApp> =>
    RunningApp.start({
      platform,
      imports: redis ? [RedisModule.forRoot({ url: redis.url, prefix })] : [],
      providers: [Note, HeldNote, Draft, Basket, Catalogue, HeaderCaller],
      options: { callerResolver: HeaderCaller, logRepeatMs: 0, metrics: true, limits: LIMITS },
    });

  beforeAll(async () => {
    redis = store === 'Redis' ? await RedisServer.start() : undefined;
  });

  beforeEach(async () => {
    prefix = `${randomBytes(4).toString('hex')}:`;
    running = await start();
  });

  afterEach(() => running.close());

  afterAll(() => redis?.stop());

  /** A stranger who comes, says something and goes on living. @returns the code of the answer */
  const come = async (component: string, { query = '', text = LONG, who = new HttpVisitor(running.url) } = {}) => {
    const { reply } = await who.send('GET', `/components/${component}${query && `?${query}`}`);
    if (!reply.ok) return reply.error.code;
    const answer = await who.post(component, { state: reply.state, event: 'write', payload: { text } });
    return answer.reply.ok ? 'OK' : answer.reply.error.code;
  };

  const fill = async (component: string, query: (n: number) => string = () => ''): Promise<Set<string>> => {
    const codes = new Set<string>();
    for (let n = 0; n < 120; n += 1) codes.add(await come(component, { query: query(n) }));
    return codes;
  };

  const keptOf = async (kind: string): Promise<number> => {
    const { text } = await new HttpVisitor(running.url).send('GET', '/components/-/metrics');
    return Number(new RegExp(`^live_kept_${kind}_strangers_bytes (\\d+)`, 'm').exec(text)?.[1]);
  };

  const open = async (component: string, headers: Record<string, string> = {}, query = '') => {
    const visitor = new HttpVisitor(running.url, headers);
    let { state } = await visitor.mount(component, query);
    const write = async (text: string) => {
      const { reply } = await visitor.post(component, { state, event: 'write', payload: { text } });
      state = reply.state ?? state;
      return reply.ok ? 'OK' : reply.error.code;
    };
    return { visitor, write };
  };

  it.each(['note', 'held-note'])(
    'are instances as far as there is room: the newest is refused (%s)',
    async (component) => {
      const [ada, early] = [await open(component, { 'x-user': 'ada' }), await open(component)];
      expect([await ada.write('a'), await early.write('b')]).toEqual(['OK', 'OK']);
      expect(await fill(component)).toEqual(new Set(['OK', 'OVERLOADED']));
      expect([await ada.write('c'), await early.write('d')]).toEqual(['OK', 'OK']);
      expect(await (await open(component, { 'x-user': 'bob' })).write(LONG)).toBe('OK');
    },
  );

  it('are sessions as far as there is room: the newest is refused', async () => {
    const [ada, early] = [await open('basket', { 'x-user': 'ada' }), await open('basket')];
    expect([await ada.write('tea'), await early.write('cake')]).toEqual(['OK', 'OK']);
    expect(await fill('basket')).toEqual(new Set(['OK', 'OVERLOADED']));
    expect((await ada.visitor.mount('basket')).html).toContain('tea');
    expect((await early.visitor.mount('basket')).html).toContain('cake');
    expect(await ada.write('more tea')).toBe('OK');
  });

  it('are states that persist, as far as one of them has room, wherever they say that they are', async () => {
    const [ada, early] = [await open('draft', { 'x-user': 'ada' }), await open('draft')];
    expect([await ada.write('a'), await early.write('b')]).toEqual(['OK', 'OK']);
    const who = new HttpVisitor(running.url);
    await who.mount('draft');
    const codes = new Set<string>();
    for (let n = 0; n < 60; n += 1) codes.add(await come('draft', { who, query: `key=k${n}` }));
    expect(codes).toEqual(new Set(['OK', 'OVERLOADED']));
    expect(await keptOf('sessions')).toBeLessThanOrEqual((512 * KIB * 3) / 16);
    expect((await ada.visitor.mount('draft')).html).toContain('a');
    expect((await early.visitor.mount('draft')).html).toContain('b');
  });

  it('are renders as far as there is room: theirs make room for theirs, and never a user’s', async () => {
    const ada = new HttpVisitor(running.url, { 'x-user': 'ada' });
    const shown = async () => (await ada.mount('catalogue', 'list=ada')).html?.match(/(\d+) ada/)?.[1];
    const first = await shown();
    const before = mounts;
    for (let n = 0; n < 60; n += 1) await new HttpVisitor(running.url).mount('catalogue', `list=${n}${SHORT}`);
    expect(mounts).toBe(before + 60);
    expect(await shown()).toBe(first);
    expect(await keptOf('renders')).toBeLessThanOrEqual((512 * KIB * 2) / 16);
    await new HttpVisitor(running.url).mount('catalogue', `list=59${SHORT}`);
    expect(mounts).toBe(before + 60);
    await new HttpVisitor(running.url).mount('catalogue', `list=0${SHORT}`);
    expect(mounts).toBe(before + 61);
  });

  it('is counted with more than it costs in the store', async () => {
    for (let n = 0; n < 40; n += 1) {
      await come('note', { text: 'x'.repeat(n * 20) });
      await come('held-note', { text: 'x'.repeat(n * 20) });
      await come('basket', { text: 'x'.repeat(n * 20) });
      await new HttpVisitor(running.url).mount('catalogue', `list=${n}`);
    }
    const sums = await Promise.all(['instances', 'tombstones', 'sessions', 'renders'].map((kind) => keptOf(kind)));
    const kept = sums.reduce((a, b) => a + b, 0);
    expect(kept).toBeGreaterThan(128 * KIB);
    if (redis) {
      const link = new RedisLink({ url: redis.url });
      await link.connect();
      const keys = await link.commands.keys(`${prefix}*`);
      const sizes = await Promise.all(keys.map((key) => link.commands.memory('USAGE', key)));
      link.close();
      expect(sizes.length).toBeGreaterThan(100);
      expect(sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0)).toBeLessThanOrEqual(kept);
    }
  });
});
