import { relative } from 'node:path';

import { Body, Controller, Get, Inject, Injectable, Module, type OnModuleInit, Post, Render } from '@nestjs/common';
import { HttpAdapterHost, NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';

import { TemporaryFolder } from '../../test/fixtures/rendering/temporary-folder.js';
import { PageAssets } from './page-assets.js';
import { PageMounter, type PagePlace } from './page-mounter.js';
import { PageRenderer } from './page.renderer.js';
import type { Placement } from './placement.js';
import { RENDERING, type RenderingOptions, resolveRendering } from './rendering.options.js';
import { installViewEngine } from './view-engine.js';

interface AnyRequest {
  readonly url: string;
  readonly headers: Record<string, string>;
}

@Injectable()
class RequestMounter extends PageMounter {
  async place({ component, props: { start } }: Placement, { exchange }: PagePlace) {
    await new Promise((resolve) => setImmediate(resolve));
    const request = exchange?.request as AnyRequest;
    return { html: `<b>${component} ${String(start)} for ${request.headers['x-user']} at ${request.url}</b>` };
  }
}

class Assets extends PageAssets {
  scriptUrls() {
    return ['/live.js'];
  }
}

@Controller()
class PagesController {
  @Get('page')
  @Render('home')
  page() {
    return { title: '<T>' };
  }

  @Post('page')
  @Render('home.hbs')
  posted(@Body() { title }: { title: string }) {
    return { title };
  }

  @Get('none')
  @Render('nowhere')
  none() {
    return {};
  }
}

function moduleWith(options: RenderingOptions) {
  @Module({
    controllers: [PagesController],
    providers: [
      PageRenderer,
      { provide: RENDERING, useValue: resolveRendering(options) },
      { provide: PageMounter, useClass: RequestMounter },
      { provide: PageAssets, useClass: Assets },
    ],
  })
  class PagesModule implements OnModuleInit {
    constructor(
      @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
      @Inject(PageRenderer) private readonly pages: PageRenderer,
    ) {}

    onModuleInit() {
      installViewEngine(this.host.httpAdapter, this.pages);
    }
  }
  return PagesModule;
}

const adapters = [
  ['Express', () => new ExpressAdapter()],
  ['Fastify', () => new FastifyAdapter()],
] as const;

describe.each(adapters)('installViewEngine on %s', (platform, adapter) => {
  let views: TemporaryFolder;
  let close: () => Promise<void>;

  const start = async (options: RenderingOptions, prepare = (_app: NestExpressApplication) => {}) => {
    const app = await NestFactory.create<NestExpressApplication>(moduleWith(options), adapter() as ExpressAdapter, {
      logger: false,
    });
    prepare(app);
    await app.listen(0, '127.0.0.1');
    close = () => app.close();
    return app.getUrl();
  };

  beforeEach(() => {
    views = new TemporaryFolder({
      'home.hbs': '<h1>{{title}}</h1>{{> parts/one}}',
      'parts/one.hbs': '{{component "counter" start=2}}',
    });
  });

  afterEach(async () => {
    await close();
    views.remove();
  });

  it.each(['absolute', 'relative'])('renders @Render() pages from an %s folder, inside the request', async (kind) => {
    const folder = kind === 'absolute' ? views.path : relative(process.cwd(), views.path);
    const url = await start({ pages: [folder] });
    const answer = await fetch(`${url}/page?a=1`, { headers: { 'x-user': 'ann' } });

    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/text\/html; charset=utf-8/i);
    expect(await answer.text()).toBe('<h1>&lt;T&gt;</h1><b>counter 2 for ann at /page?a=1</b>');
  });

  it('keeps concurrent requests apart, also after their bodies were read', async () => {
    const url = await start({ pages: [views.path] });
    const post = (path: string, user: string) =>
      fetch(`${url}/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-user': user },
        body: JSON.stringify({ title: user }),
      });
    const users = Array.from({ length: 20 }, (_, i) => `u${i}`);

    const pages = await Promise.all(users.map(async (user) => (await post('page', user)).text()));

    expect(pages).toEqual(users.map((user) => `<h1>${user}</h1><b>counter 2 for ${user} at /page</b>`));
  });

  it('answers 500 for a page that does not exist', async () => {
    const url = await start({ pages: [views.path] });

    expect((await fetch(`${url}/none`)).status).toBe(500);
  });

  if (platform === 'Express') {
    it.each(['absolute', 'relative'])('honours setViewEngine("hbs") and an %s setBaseViewsDir()', async (kind) => {
      const folder = kind === 'absolute' ? views.path : relative(process.cwd(), views.path);
      const url = await start({ pages: [] }, (app) => {
        app.setViewEngine('hbs');
        app.setBaseViewsDir(folder);
      });

      expect(await (await fetch(`${url}/page`, { headers: { 'x-user': 'bob' } })).text()).toBe(
        '<h1>&lt;T&gt;</h1><b>counter 2 for bob at /page</b>',
      );
    });

    it('keeps an engine the application registered', async () => {
      const url = await start({ pages: [views.path] }, (app) => {
        app.engine('.hbs', (_path: string, _data: object, done: (error: unknown, html: string) => void) =>
          done(null, 'theirs'),
        );
      });

      expect(await (await fetch(`${url}/page`)).text()).toBe('theirs');
    });
  }

  if (platform === 'Fastify') {
    it('keeps a view decorator the application registered', async () => {
      const url = await start({ pages: [views.path] }, (app) => {
        app
          .getHttpAdapter()
          .getInstance()
          .decorateReply('view', function (this: { send(html: string): void }) {
            this.send('theirs');
          });
      });

      expect(await (await fetch(`${url}/page`)).text()).toBe('theirs');
    });
  }
});
