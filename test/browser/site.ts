import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import {
  Controller,
  Get,
  Header,
  Inject,
  Query,
  Render,
  type DynamicModule,
  type INestApplication,
  type Provider,
} from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { ComponentsModule, type ComponentsRootOptions } from 'nest-live';

import { PageScript } from './page-script.js';

const packages = createRequire(import.meta.url);

interface Mount {
  readonly name: string;
  readonly start?: string;
  readonly label?: string;
}

/** `/page?c=counter&c=counter&start=5`: each `c` is mounted in turn; `/htmx2` and `/htmx4` are the same without our client. */
const mountsOf = ({
  c = 'counter',
  start,
  label,
}: Record<string, string | string[]>): { title: string; mounts: Mount[] } => {
  const names = Array.isArray(c) ? c : [c];
  return { title: names.join(', '), mounts: names.map((name) => ({ name, start: text(start), label: text(label) })) };
};

const text = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);

/** What a browser cache would show again. */
class PageCache {
  html = '';
}

@Controller()
class Pages {
  constructor(
    @Inject(PageCache) private readonly cache: PageCache,
    @Inject(PageScript) private readonly script: PageScript,
  ) {}

  @Get('page.js')
  @Header('content-type', 'text/javascript')
  pageScript(): string {
    return this.script.source;
  }

  @Get('cached')
  @Header('content-type', 'text/html')
  cached(): string {
    return this.cache.html;
  }

  @Get('page')
  @Render('page')
  page(@Query() query: Record<string, string>): object {
    return mountsOf(query);
  }

  /** `/nested?outer=card&inner=counter`: one stands in the slot of the other. */
  @Get('nested')
  @Render('nested')
  nested(@Query() query: Record<string, string>): object {
    return { title: 'nested', ...query };
  }

  /** `/shared?id=…`: an instance of many pages. */
  @Get('shared')
  @Render('shared')
  shared(@Query() query: Record<string, string>): object {
    return { title: 'shared', ...query };
  }

  @Get('htmx2')
  @Render('htmx2')
  htmx2(@Query() query: Record<string, string>): object {
    return mountsOf(query);
  }

  @Get('htmx4')
  @Render('htmx4')
  htmx4(@Query() query: Record<string, string>): object {
    return mountsOf(query);
  }

  @Get('htmx2.js')
  @Header('content-type', 'text/javascript')
  htmx2Script(): string {
    return readFileSync(packages.resolve('htmx2/dist/htmx.min.js'), 'utf8');
  }

  @Get('htmx4.js')
  @Header('content-type', 'text/javascript')
  htmx4Script(): string {
    return readFileSync(packages.resolve('htmx4/dist/htmx.min.js'), 'utf8');
  }
}

export interface SiteOptions {
  readonly platform?: 'express' | 'fastify';
  readonly providers: readonly Provider[];
  /** Beside `ComponentsModule`: a backend. */
  readonly imports?: readonly DynamicModule[];
  readonly options?: ComponentsRootOptions;
  /** 0 is any free port. @default 0 */
  readonly port?: number;
  /** Value of `Content-Security-Policy` on every answer. @default none (Express only) */
  readonly policy?: string;
}

/** What docs/guides/client.md says is enough. */
export const STRICT_POLICY = "default-src 'self'; require-trusted-types-for 'script'; trusted-types live-components";

export interface Site {
  readonly app: INestApplication;
  readonly url: string;
  readonly port: number;
  /** Serves this HTML at `/cached`, tokens and all, as a browser's own cache would. */
  cache(html: string): void;
  /** Pages run this before our client. */
  script(source: string): void;
  close(): Promise<void>;
}

/** A fresh application on a real port that only imports the module and lists its components. */
export const openSite = async ({
  platform = 'express',
  providers,
  imports = [],
  options,
  port = 0,
  policy,
}: SiteOptions): Promise<Site> => {
  const views = { pages: [join(import.meta.dirname, 'views')], templates: [] };
  const rendering = { ...views, ...options?.rendering };
  const module = await Test.createTestingModule({
    // Chromium and the suite share two cores: what a late node refuses is shown elsewhere.
    imports: [
      ComponentsModule.forRoot({ ...options, rendering, limits: { maxLoopLagMs: 0, ...options?.limits } }),
      ...imports,
    ],
    controllers: [Pages],
    providers: [PageCache, PageScript, ...providers],
  }).compile();
  const app =
    platform === 'fastify' ? module.createNestApplication(new FastifyAdapter()) : module.createNestApplication();
  if (policy) {
    app.use((_request: unknown, response: ServerResponse, next: () => void) => {
      response.setHeader('content-security-policy', policy);
      next();
    });
  }
  await app.listen(port, '127.0.0.1');
  const url = await app.getUrl();
  return {
    app,
    url,
    port: Number(new URL(url).port),
    cache: (html) => (app.get(PageCache).html = html),
    script: (source) => (app.get(PageScript).added = source),
    close: () => app.close(),
  };
};
