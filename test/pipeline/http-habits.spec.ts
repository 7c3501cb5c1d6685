import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Catch,
  HttpException,
  Injectable,
  UnauthorizedException,
  UseFilters,
  UseGuards,
  type ArgumentsHost,
  type CanActivate,
  type ExceptionFilter,
  type ExecutionContext,
} from '@nestjs/common';
import { LiveComponent, LiveExecutionContext, OnEvent, type ErrorReply } from 'nest-live';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { PLATFORMS, RunningApp } from '../e2e/running-app.js';
import { WAYS } from '../e2e/two-ways.js';

interface AnyResponse {
  header(name: string, value: number): void;
  redirect(...where: unknown[]): void;
}

const counted: string[] = [];

/** Counts as guards for HTTP do: by class, handler and address, and says in a header when to come again. */
@Injectable()
class TurnAway implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    const { ip } = http.getRequest<{ ip?: string }>();
    counted.push(`${context.getClass().name}.${context.getHandler().name} ${String(ip).replace('::ffff:', '')}`);
    http.getResponse<AnyResponse>().header('Retry-After', 30);
    throw new HttpException('Too Many Requests', 429);
  }
}

@Injectable()
class SendsToSignIn implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    context.switchToHttp().getResponse<AnyResponse>().redirect(302, '/sign-in');
    return false;
  }
}

@Catch(UnauthorizedException)
class SendsAwayInAFilter implements ExceptionFilter {
  catch(_: unknown, host: ArgumentsHost): void {
    host.switchToHttp().getResponse<AnyResponse>().redirect('/sign-in');
  }
}

@Injectable()
class Throws implements CanActivate {
  canActivate(): boolean {
    throw new UnauthorizedException();
  }
}

const template = '<div>desk</div>';

@LiveComponent('desk', { template })
class Desk {
  @OnEvent()
  @UseGuards(TurnAway)
  ask(): void {}

  @OnEvent()
  @UseGuards(TurnAway)
  order(): void {}

  @OnEvent()
  @UseGuards(SendsToSignIn)
  sign(): void {}

  @OnEvent()
  @UseGuards(Throws)
  @UseFilters(SendsAwayInAFilter)
  pay(): void {}
}

/** Mounts for everybody, and turns away whoever only looks. */
@Injectable()
class TurnsLookersAway extends TurnAway {
  override canActivate(context: ExecutionContext): boolean {
    return LiveExecutionContext.create(context).getLive().entry === 'mount' || super.canActivate(context);
  }
}

@UseGuards(TurnsLookersAway)
@LiveComponent('window', { template })
class Window {}

@UseGuards(SendsToSignIn)
@LiveComponent('vault', { template })
class Vault {}

describe.each(PLATFORMS)('a guard written for HTTP on %s', (platform) => {
  let running: RunningApp;

  beforeAll(async () => {
    running = await RunningApp.start({ platform, providers: [Desk, Vault, Window] });
  });

  afterAll(() => running.close());

  it.each(WAYS)('finds handler and address over $way, and says how long to wait', async ({ open }) => {
    counted.length = 0;
    const driver = await open(running.url, 'desk');
    for (const event of ['ask', 'order']) {
      const { error } = (await driver.send({ event })) as ErrorReply;
      expect(error).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 30_000 });
    }
    expect(counted).toEqual(['Desk.ask 127.0.0.1', 'Desk.order 127.0.0.1']);
    driver.close();
  });

  it.each(['application/json', 'text/html'])('answers %s with 429 and Retry-After', async (accept) => {
    const visitor = new HttpVisitor(running.url);
    const { state } = await visitor.mount('desk');
    const { status, headers, text } = await visitor.post('desk', { state, event: 'ask' }, { accept });
    expect([status, headers.get('retry-after')]).toEqual([429, '30']);
    expect(text).toContain('RATE_LIMITED');
  });

  it('answers a stream of pushes so, too', async () => {
    const visitor = new HttpVisitor(running.url);
    const { state } = await visitor.mount('window');
    const query = new URLSearchParams({ sub: `window:${state}`, page: visitor.page });
    const { status, headers, reply } = await visitor.send('GET', `/components/-/pushes?${query.toString()}`);
    expect([status, headers.get('retry-after')]).toEqual([429, '30']);
    expect(reply).toMatchObject({ error: { code: 'RATE_LIMITED', retryAfterMs: 30_000 } });
  });

  it.each(WAYS)('sends nobody elsewhere over $way, nor does a filter: the answer is coded', async ({ open }) => {
    const driver = await open(running.url, 'desk');
    for (const event of ['sign', 'pay']) {
      const { error } = (await driver.send({ event })) as ErrorReply;
      expect({ event, code: error.code }).toEqual({ event, code: 'UNAUTHENTICATED' });
    }
    driver.close();
  });

  it.each([
    ['JSON', {}, 'application/json'],
    ['HTML', { accept: 'text/html' }, 'text/html'],
    ['htmx', { 'hx-request': 'true' }, 'text/html'],
  ])('answers %s with 401 and no place to go', async (_, headers, type) => {
    const answer = await new HttpVisitor(running.url, headers).send('GET', '/components/vault');
    expect([answer.status, answer.headers.get('location')]).toEqual([401, null]);
    expect(answer.headers.get('content-type')).toContain(type);
    expect(answer.text).toContain('UNAUTHENTICATED');
  });
});
