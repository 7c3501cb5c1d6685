import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Header, Req, Res } from '@nestjs/common';
import { IsIn, Max, Min } from 'class-validator';
import {
  ComponentsService,
  LiveComponent,
  LivePublisher,
  OnEvent,
  OnTopic,
  Payload,
  Secret,
  State,
  Url,
  type FieldChange,
  type OnUpdate,
} from 'nest-live';
import { LiveTest } from 'nest-live/testing';

import { HttpVisitor } from '../../../test/e2e/http.visitor.js';
import { PLATFORMS, RunningApp } from '../../../test/e2e/running-app.js';
import { SocketVisitor } from '../../../test/e2e/socket.visitor.js';
import { WAYS } from '../../../test/e2e/two-ways.js';

@LiveComponent('shelf', {
  template: '<p>{{q}}|{{page}}|{{sale}}|{{sort}}|{{#each tags}}{{this}},{{/each}}|{{admin}}|{{went}}</p>',
})
class Shelf implements OnUpdate {
  @Url({ as: 's' }) @State({ bind: true }) q = '';
  @Url({ history: 'push' }) @Min(1) @Max(50) page = 1;
  @Url() sale = false;
  @Url() @IsIn(['name', 'price']) sort = 'name';
  @Url() tags: string[] = [];
  @State() admin = false;
  @State() went = 0;

  onUpdate({ fields }: FieldChange): void {
    if (fields.includes('page')) this.went += 1;
  }

  @OnEvent()
  turn(@Payload('page') page: number): void {
    this.page = page;
  }

  @OnEvent()
  tag(@Payload('tags') tags: string[]): void {
    this.tags = tags;
    this.sale = true;
  }

  @OnEvent()
  fail(): void {
    this.page = 9;
    throw new Error('no');
  }

  @OnTopic('sale')
  sell(): void {
    this.sale = true;
  }
}

@LiveComponent('aisle', { template: '<p>{{aisle}} of {{floor}}</p>', publicProps: ['floor'] })
class Aisle {
  @Url() aisle = 'tea';
  @State() floor = '';

  onMount({ floor = '' }: { floor?: string }): void {
    this.floor = `${floor}${this.aisle}`;
  }

  @OnEvent()
  go(@Payload('aisle') aisle: string): void {
    this.aisle = aisle;
  }
}

@LiveComponent('plain', { template: '<p>{{q}}</p>' })
class Plain {
  @State() q = '';
}

const shown = (html = ''): string => /<p[^>]*>(.*?)<\/p>/.exec(html)?.[1] ?? html;

describe('a field in the address', () => {
  let running: RunningApp;
  let visitor: HttpVisitor;

  beforeAll(async () => {
    running = await RunningApp.start({ providers: [Shelf, Aisle, Plain] });
    visitor = new HttpVisitor(running.url);
  });

  afterAll(() => running.close());

  const mounted = async (query: string): Promise<string> => shown((await visitor.mount('shelf', query)).html);

  it('is filled at an HTTP mount, as its declared type', async () => {
    expect(await mounted('s=green+tea&page=3&sale=true&sort=price&tags=a&tags=b')).toBe(
      'green tea|3|true|price|a,b,|false|0',
    );
  });

  it('keeps its default where the address says nothing, or nothing it may be', async () => {
    const untouched = '|1|false|name||false|0';
    expect(await mounted('')).toBe(untouched);
    for (const bad of ['page=none', 'page=', 'page=0', 'page=51', 'page=Infinity', 'sale=maybe', 'sort=__proto__']) {
      expect([bad, await mounted(bad)]).toEqual([bad, untouched]);
    }
    expect(await mounted(`s=${'x'.repeat(2_001)}`)).toBe(untouched);
    expect(await mounted('page=none&s=tea')).toBe('tea|1|false|name||false|0');
  });

  it('is the only thing the address may write', async () => {
    for (const query of ['admin=true', 'q=tea', 'page[admin]=1&admin=1']) {
      const { reply } = await visitor.send('GET', `/components/shelf?${query}`);
      expect([query, reply]).toEqual([
        query,
        expect.objectContaining({ error: expect.objectContaining({ code: 'PROP_LOCKED' }) }),
      ]);
    }
  });

  it('is there before onMount, beside the props', async () => {
    expect(shown((await visitor.mount('aisle', 'floor=2-&aisle=cake')).html)).toBe('cake of 2-cake');
  });

  it('comes with a mount that a client asks for elsewhere', async () => {
    const guest = await SocketVisitor.connect(running.url);
    const { html } = await guest.ok('mount', { component: 'shelf', url: 'http://any.example/shop?s=tea&page=2#top' });
    expect(shown(html)).toBe('tea|2|false|name||false|0');
    expect(await guest.refused('mount', { component: 'shelf', url: 7 })).toMatchObject({
      error: { code: 'BAD_FRAME' },
    });
    const long = { component: 'shelf', url: `/?s=${'x'.repeat(9_000)}` };
    expect(await guest.refused('mount', long)).toMatchObject({ error: { code: 'BAD_FRAME' } });
    guest.close();
  });

  it('is marked on the root for the browser client, and on no other component', async () => {
    expect((await visitor.mount('shelf')).html).toContain(' live-url=""');
    expect((await visitor.mount('plain')).html).not.toContain('live-url');
  });

  it('tells htmx the address of its page, with the names of everybody else', async () => {
    const headers = { 'hx-request': 'true', 'hx-current-url': `${running.url}/shop?x=1&page=2` };
    const { state } = await visitor.mount('shelf', 'page=2');
    const answer = await visitor.post('shelf', { state, event: 'turn', payload: { page: 3 } }, headers);
    expect(answer.headers.get('hx-push-url')).toBe('/shop?x=1&page=3');
  });

  for (const { way, open } of WAYS) {
    describe(`over ${way}`, () => {
      it('goes into the address with the event that changed it, and leaves it with its default', async () => {
        const shelf = await open(running.url, 'shelf');
        const effects = async (body: object): Promise<unknown> =>
          ((await shelf.send(body)) as { effects?: object }).effects;
        expect(await effects({ event: 'turn', payload: { page: 2 } })).toEqual({
          url: { query: { page: ['2'] }, by: 'pushState' },
        });
        expect(await effects({ event: 'turn', payload: { page: 2 } })).toEqual({});
        expect(await effects({ event: 'tag', payload: { tags: ['a', 'b'] } })).toEqual({
          url: { query: { sale: ['true'], tags: ['a', 'b'] }, by: 'replaceState' },
        });
        expect(await effects({ event: '$set', fields: { q: 'tea' } })).toEqual({
          url: { query: { s: ['tea'] }, by: 'replaceState' },
        });
        expect(await effects({ event: 'turn', payload: { page: 1 } })).toEqual({
          url: { query: { page: [] }, by: 'pushState' },
        });
        expect(await shelf.send({ event: 'fail' })).toMatchObject({ ok: false, error: { code: 'HANDLER_ERROR' } });
        expect(await effects({ event: 'turn', payload: { page: 1 } })).toEqual({});
        shelf.close();
      });

      it('is read again when the visitor goes back, once however often the event comes', async () => {
        const shelf = await open(running.url, 'shelf');
        await shelf.send({ event: 'turn', payload: { page: 7 }, seq: 1 });
        const back = { event: '$url', payload: '?page=4&s=tea&admin=true&sale=perhaps', seq: 2 };
        const first = await shelf.send(back);
        expect(first).toMatchObject({ ok: true, effects: { url: { query: { page: ['4'], s: ['tea'], sale: [] } } } });
        expect(shown((first as { html?: string }).html)).toBe('tea|4|false|name||false|1');
        const again = await shelf.send(back);
        expect(again).toMatchObject({ ok: true, dup: true, effects: (first as { effects: object }).effects });
        expect(shown((again as { html?: string }).html)).toBe('tea|4|false|name||false|1');
        const home = await shelf.send({ event: '$url', payload: '', seq: 3 });
        expect(shown((home as { html?: string }).html)).toBe('|1|false|name||false|2');
        shelf.close();
      });
    });
  }

  it('refuses to go back to what is no query string, and on components without such a field', async () => {
    const { state } = await visitor.mount('shelf');
    expect(await visitor.refused('shelf', { state, event: '$url', payload: { page: 1 } })).toMatchObject({
      error: { code: 'BAD_FRAME' },
    });
    const plain = await visitor.mount('plain');
    const asked = await visitor.refused('plain', { state: plain.state, event: '$url', payload: '?q=tea' });
    expect(asked).toMatchObject({ error: { code: 'UNKNOWN_EVENT' } });
  });

  it('follows a change that the server made itself', async () => {
    const guest = await SocketVisitor.connect(running.url);
    await guest.open('shelf');
    await running.app.get(LivePublisher).broadcast('sale');
    expect(await guest.pushed()).toMatchObject({ effects: { url: { query: { sale: ['true'] }, by: 'replaceState' } } });
    guest.close();
  });
});

@Controller('shop')
class Shop {
  constructor(private readonly components: ComponentsService) {}

  @Get('all')
  @Header('content-type', 'text/html')
  async all(@Req() request: object, @Res({ passthrough: true }) response: object): Promise<string> {
    const [shelf, aisle] = [
      this.components.render('shelf', {}, { request, response }),
      this.components.render('aisle', {}, { request, response }),
    ];
    return `${shown(await shelf)} and ${shown(await aisle)}`;
  }
}

describe.each(PLATFORMS)('a page on %s', (platform) => {
  it('hands its address to every component it holds', async () => {
    const running = await RunningApp.start({ platform, controllers: [Shop], providers: [Shelf, Aisle] });
    const { text } = await new HttpVisitor(running.url).send(
      'GET',
      '/shop/all?page=5&s=tea&aisle=cake&floor=9&admin=true',
    );
    expect(text).toBe('tea|5|false|name||false|0 and cake of cake');
    await running.close();
  });
});

describe('a field in the address, elsewhere', () => {
  let live: LiveTest;
  afterEach(() => live.close());

  it('shares the address with other components, each saying its own names only', async () => {
    live = await LiveTest.create({ providers: [Shelf, Aisle] });
    const [shelf, aisle] = [await live.mount(Shelf), await live.mount(Aisle)];
    await shelf.emit('turn', { page: 2 });
    await aisle.emit('go', { aisle: 'cake' });
    expect([shelf.effects, aisle.effects]).toEqual([
      { url: { query: { page: ['2'] }, by: 'pushState' } },
      { url: { query: { aisle: ['cake'] }, by: 'replaceState' } },
    ]);
  });

  it('is refused at start-up where two fields have one name, and where it is secret', async () => {
    @LiveComponent('twice', { template: '<p></p>' })
    class Twice {
      @Url({ as: 'q' }) first = '';
      @Url({ as: 'q' }) second = '';
    }
    @LiveComponent('whisper', { template: '<p></p>' })
    class Whisper {
      @Url() @Secret() word = '';
    }
    live = await LiveTest.create();
    await expect(LiveTest.create({ providers: [Twice] })).rejects.toThrow(
      /Twice\.second and Twice\.first are both "q"/,
    );
    await expect(LiveTest.create({ providers: [Whisper] })).rejects.toThrow(/Whisper\.word is a @Secret/);
  });
});
