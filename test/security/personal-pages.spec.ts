import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CanActivate, Controller, Get, Header, Injectable, Render, Req, Res, UseGuards } from '@nestjs/common';
import { CacheRender, ComponentsService, Live, LiveComponent, LiveContext, OnEvent, State } from 'nest-live';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { PLATFORMS, RunningApp } from '../e2e/running-app.js';
import { TemporaryFolder } from '../fixtures/rendering/temporary-folder.js';
import { SharedCache } from './shared.cache.js';

@LiveComponent('mine', { template: '<p>{{who}}</p>' })
class Mine {
  @State() who = '';

  onMount(@Live() live: LiveContext): void {
    this.who = live.caller.sessionId;
  }

  @OnEvent()
  touch(): void {}
}

@CacheRender({ ttl: 60, public: true })
@LiveComponent('prices', { template: '<p>prices</p>' })
class Prices {
  @State() n = 1;
}

@Injectable()
class Anybody implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

@CacheRender({ ttl: 60, public: true })
@UseGuards(Anybody)
@LiveComponent('guarded', { template: '<p>guarded</p>' })
class Guarded {}

@CacheRender({ ttl: 60, public: true, key: (live) => live.caller.sessionId })
@LiveComponent('keyed', { template: '<p>{{who}}</p>' })
class Keyed {
  @State() who = '';
}

const PAGES: Record<string, string> = {
  mine: "<main>{{component 'mine'}}</main>",
  prices: "<main>{{component 'prices'}}</main>",
  both: "<main>{{component 'prices'}}{{component 'mine'}}</main>",
  guarded: "<main>{{component 'guarded'}}</main>",
  keyed: "<main>{{component 'keyed'}}</main>",
  slotted: "<main>{{#component 'prices'}}{{component 'mine'}}{{/component}}</main>",
  plain: '<main>nothing</main>',
};

let shared = '';

@Controller()
class Pages {
  constructor(private readonly components: ComponentsService) {}

  @Get('mine')
  @Render('mine')
  mine(): void {}

  @Get('prices')
  @Render('prices')
  prices(): void {}

  @Get('both')
  @Render('both')
  both(): void {}

  @Get('guarded')
  @Render('guarded')
  guarded(): void {}

  @Get('keyed')
  @Render('keyed')
  keyed(): void {}

  @Get('slotted')
  @Render('slotted')
  slotted(): void {}

  @Get('plain')
  @Render('plain')
  plain(): void {}

  @Get('said')
  @Header('Cache-Control', 'public, max-age=60')
  @Header('Vary', 'Accept-Language')
  @Render('mine')
  said(): void {}

  @Get('never')
  @Header('Cache-Control', 'no-store')
  @Render('mine')
  never(): void {}

  @Get('served')
  async served(@Req() request: object, @Res({ passthrough: true }) response: object): Promise<string> {
    return this.components.render('mine', {}, { request, response });
  }

  @Get('shown')
  async shown(@Req() request: object, @Res({ passthrough: true }) response: object): Promise<string> {
    return this.components.show(shared, { request, response });
  }
}

const PERSONAL = ['mine', 'both', 'guarded', 'keyed', 'slotted', 'served', 'shown'];

describe.each(PLATFORMS)('a page that holds components, behind a cache that people share, on %s', (platform) => {
  let running: RunningApp;
  let cache: SharedCache;
  let folder: TemporaryFolder;

  beforeEach(async () => {
    folder = new TemporaryFolder(
      Object.fromEntries(Object.entries(PAGES).map(([name, text]) => [`${name}.hbs`, text])),
    );
    running = await RunningApp.start({
      platform,
      controllers: [Pages],
      providers: [Mine, Prices, Guarded, Anybody, Keyed],
      options: { rendering: { pages: [folder.path] } },
    });
    shared = (await running.app.get(ComponentsService).mount('mine')).id;
    cache = await SharedCache.before(running.url);
  });

  afterEach(async () => {
    await cache.close();
    await running.close();
    folder.remove();
  });

  it.each(PERSONAL)('is one person’s: %s', async (page) => {
    const [ada, bob] = [new HttpVisitor(cache.url), new HttpVisitor(cache.url)];
    const first = await ada.send('GET', `/${page}`);
    const second = await bob.send('GET', `/${page}`);
    expect(second.text).not.toBe(first.text);
    expect(bob.cookie).not.toBe(ada.cookie);
    for (const { headers } of [first, second, await ada.send('GET', `/${page}`)]) {
      expect(headers.get('cache-control')).toBe('private, no-cache');
      expect(headers.get('vary')).toMatch(/(?:^|, )Cookie$/);
    }
    expect(cache.hits).toBe(0);
  });

  it('is as the page says, and then nobody gets another one’s session with it', async () => {
    const [ada, bob] = [new HttpVisitor(cache.url), new HttpVisitor(cache.url)];
    for (const visitor of [ada, bob]) {
      const { headers } = await visitor.send('GET', '/said');
      expect(headers.get('cache-control')).toBe('private, no-cache');
      expect(headers.getSetCookie()).toHaveLength(1);
    }
    expect(bob.cookie).not.toBe(ada.cookie);
    for (const visitor of [ada, bob]) {
      const { headers, text } = await visitor.send('GET', '/said');
      expect(headers.get('cache-control')).toBe('public, max-age=60');
      expect(headers.get('vary')).toBe('Accept-Language, Cookie');
      expect((await visitor.send('GET', '/said')).text).toBe(text);
    }
    expect(cache.hits).toBe(2);
    expect((await ada.send('GET', '/said')).text).not.toBe((await bob.send('GET', '/said')).text);
    expect((await ada.send('GET', '/never')).headers.get('cache-control')).toBe('no-store');
  });

  it('says nothing where all on it is public and kept, but for a visitor who gets a cookie', async () => {
    const ada = new HttpVisitor(cache.url);
    expect((await ada.send('GET', '/prices')).headers.get('cache-control')).toBe('private, no-cache');
    const { headers } = await ada.send('GET', '/prices');
    expect([headers.get('cache-control'), headers.get('vary'), headers.getSetCookie()]).toEqual([null, 'Cookie', []]);
    await ada.send('GET', '/prices');
    expect(cache.hits).toBe(1);
    const bob = new HttpVisitor(cache.url);
    await bob.send('GET', '/prices');
    expect(bob.cookie).not.toBe(ada.cookie);
    expect(cache.hits).toBe(1);
  });

  it('is an ordinary page without any', async () => {
    const { headers } = await new HttpVisitor(running.url).send('GET', '/plain');
    expect([headers.get('cache-control'), headers.get('vary')]).toEqual([null, null]);
  });

  it('gets answers from its components that nobody keeps, and that are of the kind they say', async () => {
    const [ada, bob] = [new HttpVisitor(cache.url), new HttpVisitor(cache.url)];
    const mounted = await ada.mount('mine');
    const asked = [
      await ada.send('GET', '/components/mine'),
      await ada.send('GET', '/components/mine', { headers: { accept: 'text/html' } }),
      await bob.send('GET', '/components/mine'),
      await ada.post('mine', { state: mounted.state, event: 'touch' }),
      await ada.post('mine', '{'),
      await ada.post('mine', { state: 'x', event: 'touch' }),
      await ada.send('GET', '/components/nothing'),
      await ada.send('GET', '/components/-/poll'),
      await ada.send('GET', '/components/-/health/live'),
      await ada.send('GET', '/components/-/health/ready'),
      await ada.form('mine', { state: 'x', event: 'touch' }, { 'sec-fetch-mode': 'navigate' }),
    ];
    for (const { headers, status, text } of asked) {
      const said = [status, text.slice(0, 40), headers.get('x-content-type-options'), headers.get('cache-control')];
      expect(said).toEqual([status, text.slice(0, 40), 'nosniff', 'no-store']);
    }
    expect(asked[0].headers.get('vary')).toBe('Accept, HX-Request, Cookie');
    expect(cache.hits).toBe(0);
  });
});
