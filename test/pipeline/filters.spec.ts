import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  Catch,
  ForbiddenException,
  Injectable,
  NotFoundException,
  UseFilters,
  UseGuards,
  type ArgumentsHost,
  type CanActivate,
  type ExceptionFilter,
} from '@nestjs/common';
import { APP_FILTER, BaseExceptionFilter } from '@nestjs/core';
import { LiveComponent, OnEvent, State } from 'nest-live';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { PLATFORMS, RunningApp } from '../e2e/running-app.js';
import { WAYS } from '../e2e/two-ways.js';

const caught: string[] = [];

@Catch()
class CatchAll extends BaseExceptionFilter {
  override catch(exception: unknown, host: ArgumentsHost): void {
    caught.push(`${host.getType()}:${(exception as Error).constructor.name}`);
    super.catch(exception, host);
  }
}

@Catch()
class AnswersLater implements ExceptionFilter {
  async catch(): Promise<void> {
    await Promise.resolve();
    caught.push('later');
  }
}

@Catch()
class AnswersAtOnce implements ExceptionFilter {
  catch(): object {
    caught.push('at once');
    return { everything: 'is fine' };
  }
}

class RowMissing extends Error {}

@Catch(RowMissing)
class Translates implements ExceptionFilter {
  catch(): never {
    throw new NotFoundException('row 7 of table users');
  }
}

@Injectable()
class Nobody implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

abstract class Breaks {
  @State() count = 0;

  @OnEvent()
  spoil(): void {
    this.count = 99;
    throw new Error('halfway');
  }

  @OnEvent()
  deny(): void {
    this.count = 99;
    throw new ForbiddenException();
  }

  @OnEvent()
  lose(): void {
    this.count = 99;
    throw new RowMissing();
  }

  @OnEvent()
  step(): void {
    this.count += 1;
  }
}

const template = '<div><output>{{count}}</output></div>';

@LiveComponent('bare', { template })
class Bare extends Breaks {}

@UseFilters(AnswersLater)
@LiveComponent('answered-later', { template })
class AnsweredLater extends Breaks {}

@UseFilters(AnswersAtOnce)
@LiveComponent('answered-at-once', { template })
class AnsweredAtOnce extends Breaks {}

@UseFilters(Translates)
@LiveComponent('translated', { template })
class Translated extends Breaks {}

@UseGuards(Nobody)
@UseFilters(AnswersLater, AnswersAtOnce)
@LiveComponent('closed', { template: '<div>gold</div>' })
class Closed {}

describe.each(PLATFORMS)('exception filters on %s', (platform) => {
  let running: RunningApp;

  beforeEach(async () => {
    caught.length = 0;
    running = await RunningApp.start({
      platform,
      providers: [Bare, AnsweredLater, AnsweredAtOnce, Translated, Closed, { provide: APP_FILTER, useClass: CatchAll }],
    });
  });

  afterEach(() => running.close());

  it.each(WAYS)('see a failure over $way and cannot turn it into a success', async ({ open }) => {
    for (const component of ['bare', 'answered-later', 'answered-at-once']) {
      const driver = await open(running.url, component);
      caught.length = 0;
      const refused = await driver.send({ event: 'spoil' });
      expect(refused).toMatchObject({ ok: false, error: { code: 'HANDLER_ERROR', consumed: true } });
      expect(caught).toHaveLength(1);
      const next = await driver.send({ event: 'step' });
      expect(next).toMatchObject({ ok: true, version: 1, seq: 2 });
      expect(next).toHaveProperty('html', expect.stringContaining('<output>1</output>'));
      driver.close();
    }
  });

  it.each(WAYS)('run in the live context over $way', async ({ open }) => {
    const driver = await open(running.url, 'bare');
    await driver.send({ event: 'deny' });
    expect(caught).toEqual(['live:ForbiddenException']);
    driver.close();
  });

  it.each(WAYS)('may put another error in place of the first over $way', async ({ open }) => {
    const driver = await open(running.url, 'translated');
    const refused = await driver.send({ event: 'lose' });
    expect(refused).toMatchObject({ ok: false, error: { code: 'RECORD_NOT_FOUND' } });
    expect(JSON.stringify(refused)).not.toContain('users');
    driver.close();
  });

  it('do not open what a guard has closed', async () => {
    const { status, text } = await new HttpVisitor(running.url).send('GET', '/components/closed');
    expect(status).toBe(401);
    expect(text).not.toContain('gold');
    expect(caught).toHaveLength(1);
  });
});
