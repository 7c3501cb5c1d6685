import { createServer, type RequestListener, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';

import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import type { LoggerService } from '@nestjs/common';
import type { ComponentsOptions } from 'nest-live';

import { addresses, closeFolder, socketAt, startGate, under, Warnings } from './gate.js';
import { PlainBrowser } from './plain.browser.js';
import type { AppPlan, RunningApp } from './running-app.js';

/** As much of Express as is used here: its package brings no types. */
interface Router extends RequestListener {
  use(path: string, handler: RequestListener): void;
  use(handler: (request: { visitor?: string }, response: unknown, next: () => void) => void): void;
  get(path: string, handler: (request: unknown, response: { render(page: string, data: object): void }) => void): void;
}

const express = createRequire(import.meta.url)('express') as (() => Router) & { Router(): Router };

let running: RunningApp | undefined;
let outer: Server | undefined;

afterEach(async () => {
  outer?.closeAllConnections();
  outer?.close();
  outer = undefined;
  await running?.close();
  running = undefined;
});

afterAll(closeFolder);

const start = async (options: ComponentsOptions, plan?: AppPlan): Promise<RunningApp> =>
  (running = await startGate(options, plan));

describe('mounted in another Express application', () => {
  const mount = async (logger: LoggerService | false = false, options: ComponentsOptions = {}): Promise<string> => {
    const { app } = await start(options, { logger });
    const outside = express();
    outside.use((request, _response, next) => {
      request.visitor = 'ada';
      next();
    });
    outside.use('/sub', app.getHttpAdapter().getInstance() as RequestListener);
    outer = createServer(outside);
    await new Promise<void>((resolve) => outer!.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(outer.address() as AddressInfo).port}`;
  };

  const handOn = (): void => {
    const inner = running!.app.getHttpServer() as Server;
    outer!.on('upgrade', (...upgrade) => inner.emit('upgrade', ...upgrade));
  };

  it('writes its addresses with the mount, behind a proxy with both', async () => {
    const url = await mount(false, { trustProxy: true });
    expect(await addresses(`${url}/sub/page`)).toEqual(expect.arrayContaining(under('/sub')));
    const headers = { 'x-forwarded-prefix': '/app' };
    expect(await addresses(`${url}/sub/page`, headers)).toEqual(expect.arrayContaining(under('/app/sub')));
    const browser = new PlainBrowser(url);
    await browser.goto('/sub/page');
    expect(await browser.submit(0, { to: '/done' })).toMatchObject({ status: 303, location: '/sub/done' });
    await browser.goto('/sub/page');
    expect(await browser.submit(0, {}, 'Find')).toMatchObject({ status: 303, location: '/sub/page?q=tea' });
    expect(browser.outputs[0]).toBe('tea');
  });

  it('is not confused by a public path that says the mount', async () => {
    const url = await mount(false, { publicPath: '/sub' });
    expect(await addresses(`${url}/sub/page`)).toEqual(expect.arrayContaining(under('/sub')));
  });

  it('has sockets, which know what the outer application knows, when upgrades are handed on', async () => {
    const logger = new Warnings();
    const url = await mount(logger);
    handOn();
    const reply = await socketAt(url, '/sub/components/-/socket');
    expect(reply).toMatchObject({ ok: true, html: expect.stringContaining('<output>ada</output>') as unknown });
    expect(logger.all.filter((text) => text.includes('socket'))).toEqual([]);
  });

  it('says once, with the way out, that a socket came to a server that knows none', async () => {
    const logger = new Warnings();
    const url = await mount(logger);
    expect(await socketAt(url, '/sub/components/-/socket')).toBe('refused');
    expect(await socketAt(url, '/sub/components/-/socket')).toBe('refused');
    expect(logger.all.filter((text) => text.includes("server.on('upgrade'"))).toHaveLength(1);
    expect(logger.all.join()).toContain('Express application that has mounted this one');
  });

  it('is told apart from a router that the application itself has', async () => {
    const { app, url } = await start(
      {},
      {
        configure: (made) => {
          const router = express.Router();
          router.get('/page', (_request, response) => response.render('page', {}));
          made.use('/admin', router);
        },
      },
    );
    expect(app).toBeDefined();
    expect(await addresses(`${url}/admin/page`)).toContain('/components/-/script');
  });
});
