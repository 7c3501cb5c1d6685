import { resolve } from 'node:path';

import type { HttpServer } from '@nestjs/common';

import type { PageRenderer } from './page.renderer.js';
import type { PageRequest } from './page-request.js';

type Done = (error?: unknown, html?: string) => void;

interface ExpressLike {
  readonly engines: Record<string, unknown>;
  readonly response: object;
  engine(extension: string, render: (path: string, data: object, done: Done) => void): void;
  get(setting: string): unknown;
  set(setting: string, value: unknown): void;
  handle(request: unknown, response: unknown, next: unknown): unknown;
}

interface FastifyReplyLike {
  readonly locals?: object;
  type(mime: string): { send(html: string): void };
}

type FastifyHook = (request: unknown, reply: unknown, done: () => void) => void;

interface FastifyLike {
  register(plugin: (instance: FastifyLike, options: unknown, done: () => void) => void): unknown;
  hasReplyDecorator(name: string): boolean;
  decorateReply(name: string, value: unknown): void;
  addHook(name: 'onRequest' | 'preValidation', hook: FastifyHook): void;
}

/**
 * Makes `@Render('name')` render our pages and runs every request inside `PageRequest`. Call it before the server
 * listens (a module's `onModuleInit`). A view engine the application registered itself is kept.
 */
export function installViewEngine(adapter: HttpServer, pages: PageRenderer, scope: PageRequest): void {
  const instance: unknown = adapter.getInstance();
  if (adapter.getType() === 'fastify') installOnFastify(instance as FastifyLike, pages, scope);
  else installOnExpress(instance as ExpressLike, pages, scope);
}

function installOnExpress(app: ExpressLike, pages: PageRenderer, scope: PageRequest): void {
  pages.prepare(chosenFolders(app));
  app.set('views', pages.folders);
  if (app.get('view engine') === undefined) app.set('view engine', 'hbs');
  if (app.engines['.hbs'] === undefined) {
    app.engine('.hbs', (path, data, done) => {
      pages.render(path, data).then((html) => done(null, html), done);
    });
  }
  // Routes are registered before module hooks run, so a middleware would come too late.
  const handle = app.handle.bind(app);
  app.handle = (request, response, next) => scope.run({ request, response }, () => handle(request, response, next));
}

/** The folders of `setBaseViewsDir()`; Express sets "<working directory>/views" by itself. */
function chosenFolders(app: ExpressLike): string[] {
  const views = app.get('views') as string | readonly string[] | undefined;
  const folders = (typeof views === 'string' ? [views] : (views ?? [])).map((folder) => resolve(folder));
  return folders.length === 1 && folders[0] === resolve('views') ? [] : folders;
}

function installOnFastify(app: FastifyLike, pages: PageRenderer, scope: PageRequest): void {
  pages.prepare();
  const enter: FastifyHook = (request, reply, done) => scope.run({ request, response: reply }, done);
  const plugin = (instance: FastifyLike, _options: unknown, done: () => void) => {
    instance.addHook('onRequest', enter);
    // Reading a body leaves the scope; this hook is the first after it.
    instance.addHook('preValidation', enter);
    if (!instance.hasReplyDecorator('view')) instance.decorateReply('view', viewOf(pages));
    done();
  };
  // In the application's own context, and after a view plugin that main.ts registered.
  app.register(Object.defineProperty(plugin, Symbol.for('skip-override'), { value: true }));
}

const viewOf = (pages: PageRenderer) =>
  async function view(this: FastifyReplyLike, name: string, data?: object): Promise<void> {
    const html = await pages.render(name, { ...this.locals, ...data });
    this.type('text/html; charset=utf-8').send(html);
  };
