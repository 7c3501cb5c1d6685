import { resolve } from 'node:path';

import { Logger, type HttpServer } from '@nestjs/common';

import type { PageExchange } from './page-exchange.js';
import type { PageRenderer } from './page.renderer.js';

const EXCHANGE = Symbol('nest-live:exchange');

interface ExpressLocals {
  readonly [EXCHANGE]?: PageExchange;
}

type Done = (error?: unknown, html?: string) => void;

interface ExpressLike {
  readonly engines: Record<string, unknown>;
  readonly response: object;
  engine(
    extension: string,
    render: (path: string, data: { readonly _locals?: ExpressLocals }, done: Done) => void,
  ): void;
  get(setting: string): unknown;
  set(setting: string, value: unknown): void;
  handle(request: object, response: { locals?: ExpressLocals }, next: unknown): unknown;
}

interface FastifyReplyLike {
  readonly request: object;
  readonly locals?: object;
  type(mime: string): { send(html: string): void };
}

interface FastifyLike {
  register(plugin: (instance: FastifyLike, options: unknown, done: () => void) => void): unknown;
  hasReplyDecorator(name: string): boolean;
  decorateReply(name: string, value: unknown): void;
}

/**
 * Makes `@Render('name')` render our pages. Call it before the server listens (a module's `onModuleInit`). A view engine the application registered itself is kept.
 */
export function installViewEngine(adapter: HttpServer, pages: PageRenderer): void {
  const instance: unknown = adapter.getInstance();
  if (adapter.getType() === 'fastify') installOnFastify(instance as FastifyLike, pages);
  else installOnExpress(instance as ExpressLike, pages);
}

function installOnExpress(app: ExpressLike, pages: PageRenderer): void {
  pages.prepare(chosenFolders(app));
  app.set('views', pages.folders);
  const chosen = app.get('view engine') as string | undefined;
  if (chosen === undefined) app.set('view engine', 'hbs');
  const isTaken = app.engines['.hbs'] !== undefined;
  if (isTaken || (chosen !== undefined && chosen !== 'hbs')) tellOfAnother(`"${chosen ?? 'hbs'}"`);
  if (!isTaken) {
    app.engine('.hbs', (path, data, done) => {
      pages.render(path, data, data._locals?.[EXCHANGE]).then((html) => done(null, html), done);
    });
  }
  // An engine is told the locals of the response and nothing else of it. Routes are registered before module hooks
  // run, so a middleware would come too late to put the exchange there.
  const handle = app.handle.bind(app);
  app.handle = (request, response, next) => {
    response.locals ??= Object.create(null) as ExpressLocals;
    Object.defineProperty(response.locals, EXCHANGE, { value: { request, response } });
    return handle(request, response, next);
  };
}

const tellOfAnother = (what: string): void =>
  new Logger('Live').warn(
    `The application has a view engine of its own, ${what}: what @Render() names without another ending goes there, where ` +
      "{{component}} and {{liveScripts}} are not known. Remove it, name our pages with their ending ('home.hbs', on Express), " +
      'render components with ComponentsService; or say viewEngine: false, if this is as it should be.',
  );

/** The folders of `setBaseViewsDir()`; Express sets "<working directory>/views" by itself. */
function chosenFolders(app: ExpressLike): string[] {
  const views = app.get('views') as string | readonly string[] | undefined;
  const folders = (typeof views === 'string' ? [views] : (views ?? [])).map((folder) => resolve(folder));
  return folders.length === 1 && folders[0] === resolve('views') ? [] : folders;
}

function installOnFastify(app: FastifyLike, pages: PageRenderer): void {
  pages.prepare();
  const plugin = (instance: FastifyLike, _options: unknown, done: () => void) => {
    if (instance.hasReplyDecorator('view')) tellOfAnother('reply.view()');
    else instance.decorateReply('view', viewOf(pages));
    done();
  };
  // In the application's own context, and after a view plugin that main.ts registered.
  app.register(Object.defineProperty(plugin, Symbol.for('skip-override'), { value: true }));
}

const viewOf = (pages: PageRenderer) =>
  async function view(this: FastifyReplyLike, name: string, data?: object): Promise<void> {
    const exchange = { request: this.request, response: this };
    const html = await pages.render(name, { ...this.locals, ...data }, exchange);
    this.type('text/html; charset=utf-8').send(html);
  };
