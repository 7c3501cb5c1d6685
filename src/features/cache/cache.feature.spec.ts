import { setTimeout as wait } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  CacheRender,
  ComponentsService,
  InvalidatesCache,
  LiveComponent,
  OnEvent,
  RenderCacheInvalidation,
  State,
} from 'nest-live';

import { HttpVisitor, type HttpAnswer } from '../../../test/e2e/http.visitor.js';
import { RunningApp } from '../../../test/e2e/running-app.js';
import { SocketVisitor } from '../../../test/e2e/socket.visitor.js';

let mounts = 0;
let price = 0;

@CacheRender({ ttl: 60, public: true, key: ({ props }) => String(props.list), tags: ['prices'] })
@LiveComponent('prices', {
  template: '<section id="p-{{id}}">{{list}}:{{price}} <b>{{mount}}</b><form>{{liveFields}}</form></section>',
  publicProps: ['list'],
})
class Prices {
  @State() price = 0;
  @State() list = '';
  @State() mount = 0;

  async onMount({ list = 'a' }: { list?: string }): Promise<void> {
    this.mount = mounts += 1;
    this.price = price;
    this.list = list;
    await wait(5);
  }

  @OnEvent()
  add(): void {
    this.price += 1;
  }

  @OnEvent()
  @InvalidatesCache(Prices)
  raise(): void {
    price += 1;
  }

  @OnEvent()
  @InvalidatesCache({ tag: 'prices' })
  spoil(): void {
    throw new Error('hunter2');
  }
}

@CacheRender({ ttl: 1 })
@LiveComponent('brief', { template: '<p>{{n}}</p>' })
class Brief {
  @State() n = 0;

  onMount(): void {
    this.n = mounts += 1;
  }
}

let hung = false;

@CacheRender({ ttl: 60, public: true })
@LiveComponent('slow', { template: '<p>{{n}}</p>' })
class Slow {
  @State() n = 0;

  async onMount(): Promise<void> {
    this.n = mounts += 1;
    await wait(mounts === 1 && hung ? 10_000 : 150, undefined, { ref: false });
  }
}

const COMPONENTS = [Prices, Brief, Slow];

describe('the render cache', () => {
  let running: RunningApp;
  let visitor: HttpVisitor;

  const shown = async (component: string, query = '', as = visitor): Promise<string> =>
    (await as.mount(component, query)).html ?? '';

  beforeEach(async () => {
    [mounts, price, hung] = [0, 0, false];
    running = await RunningApp.start({ providers: COMPONENTS });
    visitor = new HttpVisitor(running.url);
  });

  afterEach(() => running.close());

  it('shows a mount again without mounting or rendering, as an instance of its own with a token of its own', async () => {
    const [first, second] = [await visitor.mount('prices'), await visitor.mount('prices')];
    expect(mounts).toBe(1);
    expect(second.component_id).not.toBe(first.component_id);
    expect(second.state).not.toBe(first.state);
    expect(second.html).not.toContain(first.component_id);
    expect(second.html).not.toContain(first.state);
    expect(second.html).toContain(`id="p-${second.component_id}"`);
    expect(second.html).toContain(`name="state" value="${second.state}"`);
    const anonymous = ({ html = '', component_id, state }: typeof first): string =>
      html.replaceAll(component_id ?? '', 'ID').replaceAll(state, 'STATE');
    expect(anonymous(second)).toBe(anonymous(first));
  });

  it('mounts the state that is shown, and leaves events alone', async () => {
    price = 7;
    await visitor.mount('prices');
    price = 8;
    const { state } = await visitor.mount('prices');
    const raised = await visitor.ok('prices', { event: 'add', state, seq: 1 });
    expect(raised.html).toContain('a:8 <b>1</b>');
    const again = await visitor.ok('prices', { event: 'add', state: raised.state, seq: 2 });
    expect(again.html).toContain('a:9 <b>1</b>');
    expect(await shown('prices')).toContain('a:7 <b>1</b>');
  });

  it('serves pages, sockets and callers that want only the state, too', async () => {
    const components = running.app.get(ComponentsService);
    await components.dispatch({ component: 'prices', props: { list: 'a' } });
    expect(await components.render('prices', { list: 'a' })).toContain('a:0 <b>2</b>');
    expect(await components.render('prices', { list: 'a' })).toContain('a:0 <b>2</b>');
    expect((await components.dispatch({ component: 'prices', props: { list: 'a' } })).fields).toMatchObject({
      mount: 2,
    });
    const socket = await SocketVisitor.connect(running.url);
    expect((await socket.ok('mount', { component: 'prices', params: { list: 'a' } })).html).toContain('a:0 <b>2</b>');
    socket.close();
  });

  it('forgets when the time is over', async () => {
    await shown('brief');
    await shown('brief');
    expect(mounts).toBe(1);
    await wait(1_050);
    await shown('brief');
    expect(mounts).toBe(2);
  });

  it('forgets by component, by key, by tag and by event, and nothing else', async () => {
    const invalidation = running.app.get(RenderCacheInvalidation);
    const fresh = async (list: string): Promise<boolean> => {
      const before = mounts;
      await shown('prices', `list=${list}`);
      return mounts > before;
    };
    const both = async (): Promise<readonly boolean[]> => [await fresh('a'), await fresh('b')];
    expect([await both(), await both()]).toEqual([
      [true, true],
      [false, false],
    ]);
    await invalidation.invalidate('prices');
    expect(await both()).toEqual([true, true]);
    await invalidation.invalidate(Prices);
    expect(await both()).toEqual([true, true]);
    await invalidation.invalidateKey(Prices, 'b');
    expect(await both()).toEqual([false, true]);
    await invalidation.invalidateTag('prices');
    expect(await both()).toEqual([true, true]);
    await invalidation.invalidate(Brief);
    await invalidation.invalidateTag('prices ');
    expect(await both()).toEqual([false, false]);

    const { state } = await visitor.mount('prices', 'list=a');
    await visitor.refused('prices', { event: 'spoil', state, seq: 1 });
    expect(await both()).toEqual([false, false]);
    const raised = await visitor.mount('prices', 'list=a');
    await visitor.ok('prices', { event: 'raise', state: raised.state, seq: 1 });
    expect(await both()).toEqual([true, true]);
    expect(() => invalidation.invalidate('pricse')).toThrow('"pricse" is no component');
  });

  it('never keeps a render that was on its way while it was thrown away', async () => {
    const late = shown('prices');
    while (mounts === 0) await wait(0);
    price = 1;
    await running.app.get(RenderCacheInvalidation).invalidate(Prices);
    expect(await late).toContain('a:0');
    expect(await shown('prices')).toContain('a:1');
    expect(await shown('prices')).toContain('a:1');
  });

  it('renders once for many who come at once, and each gets an instance', async () => {
    await shown('brief');
    const all = await Promise.all(Array.from({ length: 20 }, () => visitor.mount('prices')));
    expect(mounts).toBe(2);
    expect(new Set(all.map(({ component_id }) => component_id)).size).toBe(20);
  });

  it('makes nobody wait longer for a mount than that mount may take', async () => {
    hung = true;
    const hurried = await RunningApp.start({ providers: [Slow], options: { limits: { handlerTimeoutMs: 400 } } });
    const of = (): Promise<HttpAnswer> => new HttpVisitor(hurried.url).send('GET', '/components/slow');
    const first = of();
    while (mounts === 0) await wait(0);
    await wait(250);
    const second = of();
    expect((await first).text).toContain('HANDLER_TIMEOUT');
    expect(await second).toMatchObject({ status: 200 });
    expect(mounts).toBe(2);
    hung = false;
    await hurried.close();
  });
});
