import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Render, type DynamicModule, type NestInterceptor, type Type } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { ComponentsModule, LiveComponent, OnEvent, State } from 'nest-live';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { PLATFORMS, RunningApp } from '../e2e/running-app.js';
import { WAYS } from '../e2e/two-ways.js';
import { TemporaryFolder } from '../fixtures/rendering/temporary-folder.js';
import { installed } from './packages/installed.js';

const { CacheModule, CacheInterceptor } = await installed<{
  CacheModule: { register(options: object): DynamicModule };
  CacheInterceptor: Type<NestInterceptor>;
}>('@nestjs/cache-manager');

@LiveComponent('shelf', { template: '<p>{{name}} {{count}}</p>' })
class Shelf {
  @State() name = '';
  @State() count = 0;

  onMount(): void {
    this.name = 'mounted';
  }

  @OnEvent()
  step(): void {
    this.count += 1;
  }
}

@Controller()
class Pages {
  @Get('page')
  @Render('page')
  page(): object {
    return { title: 'kept' };
  }
}

describe.each(PLATFORMS)('a global CacheInterceptor on %s', (platform) => {
  let running: RunningApp;
  let views: TemporaryFolder;

  beforeAll(async () => {
    views = new TemporaryFolder({
      'page.hbs': "<!doctype html><html><body>{{title}} {{component 'shelf'}}</body></html>",
    });
    running = await RunningApp.start({
      platform,
      root: ComponentsModule.forRoot({ rendering: { pages: [views.path] }, limits: { maxLoopLagMs: 0 } }),
      imports: [CacheModule.register({ ttl: 60_000, isGlobal: true })],
      providers: [Shelf, { provide: APP_INTERCEPTOR, useClass: CacheInterceptor }],
      controllers: [Pages],
    });
  });

  afterAll(async () => {
    await running.close();
    views.remove();
  });

  it('keeps what controllers answer, and mounts what a page holds', async () => {
    for (const again of [false, true]) {
      const { status, text } = await new HttpVisitor(running.url).send('GET', '/page');
      expect({ again, status }).toEqual({ again, status: 200 });
      expect(text).toContain('mounted 0');
    }
  });

  it.each(WAYS)('counts each click over $way', async ({ open }) => {
    const driver = await open(running.url, 'shelf');
    for (const count of [1, 2, 3]) {
      expect(await driver.send({ event: 'step' })).toMatchObject({
        ok: true,
        version: count,
        html: expect.stringContaining(`mounted ${count}`),
      });
    }
    driver.close();
  });
});
