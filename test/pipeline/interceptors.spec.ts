import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  Injectable,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { LiveComponent, LiveExecutionContext, OnEvent, State } from 'nest-live';
import { catchError, map, of, tap, throwError, type Observable } from 'rxjs';

import { PLATFORMS, RunningApp } from '../e2e/running-app.js';
import { WAYS } from '../e2e/two-ways.js';

const order: string[] = [];

const noting = (name: string) => {
  @Injectable()
  class Notes implements NestInterceptor {
    intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
      const { event = 'mount' } = LiveExecutionContext.create(context).getLive();
      order.push(`${name} before ${event}`);
      return next.handle().pipe(tap(() => order.push(`${name} after ${event}`)));
    }
  }
  return Notes;
};

@Injectable()
class Skips implements NestInterceptor {
  intercept(): Observable<unknown> {
    return of('instead');
  }
}

@Injectable()
class Fails implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      map(() => {
        throw new Error('after the handler');
      }),
    );
  }
}

@Injectable()
class Recovers implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(catchError(() => throwError(() => new Error('translated'))));
  }
}

@UseInterceptors(noting('class'))
@LiveComponent('watched', { template: '<div><output>{{count}}</output></div>' })
class Watched {
  @State() count = 0;

  onMount(): void {
    order.push('onMount');
  }

  @OnEvent()
  @UseInterceptors(noting('method'))
  step(): void {
    order.push('handler');
    this.count += 1;
  }

  @OnEvent()
  @UseInterceptors(Skips)
  skipped(): void {
    this.count = 99;
  }

  @OnEvent()
  @UseInterceptors(Fails)
  failing(): void {
    this.count = 99;
  }

  @OnEvent()
  @UseInterceptors(Recovers)
  broken(): void {
    this.count = 99;
    throw new Error('first');
  }
}

describe.each(PLATFORMS)('interceptors on %s', (platform) => {
  let running: RunningApp;

  beforeAll(async () => {
    running = await RunningApp.start({
      platform,
      providers: [Watched, { provide: APP_INTERCEPTOR, useClass: noting('app') }],
    });
  });

  beforeEach(() => {
    order.length = 0;
  });

  afterAll(() => running.close());

  it.each(WAYS)('wrap mount and event in order, once each, over $way', async ({ open }) => {
    const driver = await open(running.url, 'watched');
    const mounting = order.slice(0, 5);
    expect(mounting).toEqual([
      'app before mount',
      'class before mount',
      'onMount',
      'class after mount',
      'app after mount',
    ]);
    order.length = 0;
    expect(await driver.send({ event: 'step' })).toMatchObject({ ok: true, version: 1 });
    expect(order).toEqual([
      'app before step',
      'class before step',
      'method before step',
      'handler',
      'method after step',
      'class after step',
      'app after step',
    ]);
    driver.close();
  });

  it.each(WAYS)('are refused when they answer in the place of a handler over $way', async ({ open }) => {
    const driver = await open(running.url, 'watched');
    expect(await driver.send({ event: 'skipped' })).toMatchObject({ ok: false, error: { code: 'HANDLER_ERROR' } });
    expect(await driver.send({ event: 'step' })).toMatchObject({ ok: true, version: 1 });
    driver.close();
  });

  it.each(WAYS)('that fail after the handler leave the state as it was over $way', async ({ open }) => {
    const driver = await open(running.url, 'watched');
    for (const event of ['failing', 'broken']) {
      expect(await driver.send({ event })).toMatchObject({ ok: false, error: { code: 'HANDLER_ERROR' } });
    }
    expect(await driver.send({ event: 'step' })).toMatchObject({
      ok: true,
      version: 1,
      seq: 3,
      html: expect.stringContaining('<output>1</output>'),
    });
    driver.close();
  });
});
