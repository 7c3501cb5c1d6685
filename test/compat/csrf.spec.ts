import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Post, type INestApplication } from '@nestjs/common';
import { LiveComponent, OnEvent, State } from 'nest-live';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { PLATFORMS, RunningApp, type PlatformName } from '../e2e/running-app.js';
import { SocketVisitor } from '../e2e/socket.visitor.js';
import { installed } from './packages/installed.js';

type Done = (error?: Error) => void;
interface AnyRequest {
  readonly path: string;
  readonly url: string;
}
type Middleware = (request: AnyRequest, response: object, next: Done) => void;

const { default: cookieParser } = await installed<{ default: () => Middleware }>('cookie-parser');
const { doubleCsrf } = await installed<{
  doubleCsrf: (options: object) => { doubleCsrfProtection: Middleware };
}>('csrf-csrf');
const { default: fastifyCookie } = await installed<{ default: unknown }>('@fastify/cookie');
const { default: fastifyCsrf } = await installed<{ default: unknown }>('@fastify/csrf-protection');

interface Fastify {
  register(plugin: unknown, options?: object): Promise<void>;
  addHook(name: 'onRequest' | 'preHandler', hook: Middleware): void;
  csrfProtection: Middleware;
}

@LiveComponent('shelf', { template: '<p>{{count}}</p>' })
class Shelf {
  @State() count = 0;

  @OnEvent()
  step(): void {
    this.count += 1;
  }
}

@Controller()
class Orders {
  @Post('orders')
  order(): string {
    return 'ordered';
  }
}

/** As the guide has it: our paths look at where a request comes from themselves. */
const exempt = ({ url }: AnyRequest): boolean => url.startsWith('/components/');

const protect = async (app: INestApplication, platform: PlatformName, isExempt: typeof exempt): Promise<void> => {
  if (platform === 'express') {
    const { doubleCsrfProtection } = doubleCsrf({
      getSecret: () => 'of this test',
      getSessionIdentifier: () => 'one',
      skipCsrfProtection: isExempt,
    });
    app.use(cookieParser());
    app.use(doubleCsrfProtection);
    return;
  }
  const fastify = app.getHttpAdapter().getInstance() as unknown as Fastify;
  await fastify.register(fastifyCookie);
  await fastify.register(fastifyCsrf);
  fastify.addHook('preHandler', (request, reply, done) => {
    const { method } = request as unknown as { method: string };
    if (method === 'GET' || isExempt(request)) done();
    else fastify.csrfProtection(request, reply, done);
  });
};

let running: RunningApp;

afterEach(() => running.close());

describe.each(PLATFORMS)('a middleware against forged requests on %s', (platform) => {
  const start = (isExempt: typeof exempt): Promise<RunningApp> =>
    RunningApp.start({
      platform,
      providers: [Shelf],
      controllers: [Orders],
      configure: (app) => protect(app, platform, isExempt),
    });

  it('guards the application, and leaves our paths to us with the lines of the guide', async () => {
    running = await start(exempt);
    const { url } = running;
    expect((await fetch(`${url}/orders`, { method: 'POST' })).status).toBe(403);
    const visitor = new HttpVisitor(url);
    const { state } = await visitor.mount('shelf');
    expect(await visitor.ok('shelf', { state, event: 'step' })).toMatchObject({ version: 1 });
    // What a page of another site sends is refused by us.
    const forged = await visitor.post(
      'shelf',
      { state, event: 'step' },
      {
        origin: 'https://other.example',
        'sec-fetch-site': 'cross-site',
      },
    );
    expect([forged.status, forged.reply]).toMatchObject([403, { error: { code: 'ORIGIN_REJECTED' } }]);
    const socket = await SocketVisitor.connect(url);
    const { component_id } = await socket.open('shelf');
    expect(await socket.event(component_id, 'step')).toMatchObject({ ok: true });
    socket.close();
  });

  it('says its own status without them', async () => {
    running = await start(() => false);
    const visitor = new HttpVisitor(running.url);
    const { state } = await visitor.mount('shelf');
    const { status, reply } = await visitor.post('shelf', { state, event: 'step' });
    expect([status, reply]).toMatchObject([403, { ok: false, error: { code: 'FORBIDDEN', consumed: false } }]);
  });
});
