import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Injectable, Logger } from '@nestjs/common';
import {
  CacheRender,
  compose,
  ComponentsService,
  Live,
  LiveComponent,
  State,
  redirect,
  type LiveContext,
} from 'nest-live';
import { Feature, RenderCache, Rendered, Renderer, type LiveFeature, type ViewObject } from 'nest-live/extend';

import { HttpVisitor } from '../../../test/e2e/http.visitor.js';
import { RunningApp } from '../../../test/e2e/running-app.js';

let mounts = 0;
let language = 'en';

@CacheRender({ ttl: 60, public: true })
@LiveComponent('doorman', {
  template: '<p>{{n}}{{#if props.inner}}<i live-id="x"></i>{{/if}}</p>',
  publicProps: ['what', 'inner'],
})
class Doorman {
  @State() n = 0;
  @State() own = '';

  onMount({ what = '' }: { what?: string }, @Live() live: LiveContext): void {
    this.n = mounts += 1;
    if (what === 'effect') live.effect('confetti' as 'redirect', { to: '/' });
    if (what === 'leave') redirect(live, '/');
    if (what === 'id') this.own = live.id;
    if (what === 'fail') throw new Error('hunter2');
  }
}

class Line {
  constructor(readonly text: string) {}
}

/** Its state can be written only once its own hook has had it. */
@CacheRender({ ttl: 60, public: true })
@LiveComponent('late', { template: '<p>{{n}}</p>' })
class Late {
  @State() n: unknown = 0;

  onMount(): void {
    this.n = new Line(`${(mounts += 1)}`);
  }

  onDehydrate(): void {
    this.n = String(mounts);
  }
}

/** Its render changes its state. */
@CacheRender({ ttl: 60, public: true })
@LiveComponent('sum', { template: '<p>{{mounts}} {{renders}} {{word}}/{{greeting}}/{{aside}}</p>' })
class Sum {
  @State() mounts = 0;
  @State() renders = 0;
  @State() word = '';
  aside = '';

  onMount(): void {
    this.mounts = mounts += 1;
  }

  beforeRender(): object {
    this.renders += 1;
    return { aside: this.aside };
  }
}

@LiveComponent('inner', { template: '<b>child</b>' })
class Inner {}

/** Renders a tree with something in it that is no text. */
class OddRenderer extends Renderer {
  prepare(): void {}

  render(_: object, view: ViewObject): Rendered {
    const child = compose(Inner);
    return new Rendered(['<p>', '', '</p>'], [String(view.n), new Rendered(['', ''], [child])]);
  }
}

@CacheRender({ ttl: 60, public: true })
@LiveComponent('odd', { renderer: OddRenderer, template: '' })
class Odd {
  @State() n = 0;

  onMount(): void {
    this.n = mounts += 1;
  }
}

/** Brings in what each request says. */
@Feature()
@Injectable()
class Headers implements LiveFeature {
  onMake({ component, definition, request }: LiveContext): void {
    const { early, own } = said(request);
    if (definition.name !== 'sum') return;
    if (early) (component as Sum).word = early;
    if (own) (component as Sum).aside = own;
  }

  onHydrate({ component, definition, request }: LiveContext): void {
    const { word, aside, fail } = said(request);
    if (fail) throw new Error('hunter2');
    if (definition.name !== 'sum') return;
    if (word) (component as Sum).word = word;
    if (aside) (component as Sum).aside = aside;
  }

  onView({ request }: LiveContext, add: (name: string, value: unknown) => void): void {
    add('greeting', said(request).greeting ?? language);
  }
}

const said = (request: object): Record<string, string | undefined> =>
  (request as { headers: Record<string, string | undefined> }).headers;

describe('a mount that is kept', () => {
  let running: RunningApp;
  let visitor: HttpVisitor;

  const shown = async (component: string, headers: Record<string, string> = {}): Promise<string> =>
    (await new HttpVisitor(running.url, headers).mount(component)).html?.replace(/<p[^>]*>|<\/p>/g, '') ?? '';

  beforeEach(async () => {
    [mounts, language] = [0, 'en'];
    running = await RunningApp.start({ providers: [Doorman, Late, Sum, Odd, OddRenderer, Inner, Headers] });
    visitor = new HttpVisitor(running.url);
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await running.close();
  });

  it('has no effect, has not failed, and does not name its instance in its state', async () => {
    for (const what of ['effect', 'leave', 'id']) {
      const before = mounts;
      await visitor.mount('doorman', `what=${what}`);
      await visitor.mount('doorman', `what=${what}`);
      expect(mounts - before).toBe(2);
    }
    const failed = await Promise.all([1, 2].map(() => visitor.send('GET', '/components/doorman?what=fail')));
    expect(failed.map(({ status }) => status)).toEqual([500, 500]);
    expect(mounts).toBe(8);
  });

  it('prints no other instance and is not made by the server for many, and its author hears of it once', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const components = running.app.get(ComponentsService);
    await components.render('doorman', { inner: true });
    await components.render('doorman', { inner: true });
    expect(mounts).toBe(2);
    expect(warn.mock.calls).toEqual([
      ['Doorman has @CacheRender(), and a mount of it is not kept: it prints another instance'],
    ]);
    await components.mount('doorman');
    await components.mount('doorman');
    expect(mounts).toBe(4);
  });

  it('has no slots', async () => {
    const components = running.app.get(ComponentsService);
    await components.render('doorman', {}, { slots: { default: 'x' } });
    await components.render('doorman', {}, { slots: { default: 'x' } });
    expect(mounts).toBe(2);
  });

  it('has a state that can be written; what only its own hook makes writable mounts as without a cache', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    expect(await shown('late')).toBeTruthy();
    expect(await shown('late')).toBeTruthy();
    expect(mounts).toBe(2);
    expect(warn.mock.calls).toEqual([
      ['Late has @CacheRender(), and a mount of it is not kept: the codec cannot write its state'],
    ]);
  });

  it('mounts the state after its render', async () => {
    expect(await shown('sum')).toBe('1 1 /en/');
    expect(await shown('sum')).toBe('1 1 /en/');
    const { fields } = await running.app.get(ComponentsService).dispatch({ component: 'sum' });
    expect(fields).toMatchObject({ mounts: 1, renders: 0 });
  });

  it('is shown only with what was added to it by features when it was rendered', async () => {
    expect(await shown('sum')).toBe('1 1 /en/');
    expect(await shown('sum', { word: 'mine' })).toBe('1 1 mine/en/');
    expect(await shown('sum', { aside: 'mine' })).toBe('1 1 /en/mine');
    expect(await shown('sum', { greeting: 'mine' })).toBe('1 1 /mine/');
    expect(await shown('sum')).toBe('1 1 /en/');
    language = 'de';
    expect(await shown('sum')).toBe('1 1 /de/');
    expect(mounts).toBe(1);
  });

  it('is another where features have given it something else before its mount', async () => {
    const mine = { early: 'mine', own: 'cart' };
    expect(await shown('sum')).toBe('1 1 /en/');
    expect(await shown('sum', mine)).toBe('2 1 mine/en/cart');
    expect(await shown('sum', { early: 'yours' })).toBe('3 1 yours/en/');
    expect(await shown('sum', { own: 'cart' })).toBe('4 1 /en/cart');
    expect(await shown('sum', mine)).toBe('2 1 mine/en/cart');
    expect(await shown('sum')).toBe('1 1 /en/');
  });

  it('holds nothing but text, so that what a page has still to put into it is never left out', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    for (const mount of [1, 2]) expect(await shown('odd')).toMatch(new RegExp(`^${mount}<b [^>]*>child</b>$`));
    expect(mounts).toBe(2);
    expect(warn.mock.calls).toEqual([[expect.stringContaining('Odd has @CacheRender()')]]);
  });

  it('is waited for no longer when a feature has refused it', async () => {
    const failing = new HttpVisitor(running.url, { fail: 'yes' }).send('GET', '/components/sum');
    while (mounts === 0) await new Promise(setImmediate);
    expect(await shown('sum')).toBe('2 1 /en/');
    expect((await failing).status).toBe(500);
  });

  it('is text of ours; anything else is a miss', async () => {
    const cache = running.app.get(RenderCache);
    const good = [[['<p></p>']], '{}', '', 0];
    const texts = ['', '{', '[]', '["<p></p>"]', '[1, "{}", "", 0]', '[[[""]], "x", "", 0]', '[[[""]], "{}", "", 1]'];
    texts.push('["", "{}", "", 0]', '[[], "{}", "", 0]', '[[[]], "{}", "", 0]', '[[[1]], "{}", "", 0]');
    for (const text of texts) {
      const get = jest.spyOn(cache, 'get').mockResolvedValue(text);
      expect(await shown('sum')).toContain('1 /en/');
      get.mockRestore();
    }
    expect(mounts).toBe(texts.length);
    jest.spyOn(cache, 'get').mockResolvedValue(JSON.stringify(good));
    await shown('sum');
    expect(mounts).toBe(texts.length);
  });
});
