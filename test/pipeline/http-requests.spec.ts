import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Injectable,
  UseGuards,
  UseInterceptors,
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { ComponentsModule, LiveComponent, OnEvent } from 'nest-live';
import type { Observable } from 'rxjs';

import { OriginPolicy } from '../../src/transport/origin.policy.js';
import { HttpVisitor } from '../e2e/http.visitor.js';
import { PLATFORMS, RunningApp } from '../e2e/running-app.js';
import { SocketVisitor } from '../e2e/socket.visitor.js';
import { WAYS } from '../e2e/two-ways.js';

interface AnyResponse {
  statusCode: number;
  set(headers: object): this;
  get(name: string): unknown;
  cookie(name: string, value: string, options?: object): this;
  clearCookie(name: string): this;
  append(name: string, value: string): this;
  vary(name: string): this;
  on(event: string, listener: () => void): this;
}

interface AnyRequest {
  get(name: string): string | undefined;
  readonly query: Record<string, unknown>;
  readonly path: string;
  readonly originalUrl: string;
  readonly cookies: Record<string, string>;
}

const finished: string[] = [];
const seen: unknown[] = [];

/** Calls what guards and interceptors for HTTP call. */
@Injectable()
class OfHttp implements NestInterceptor, CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<AnyRequest>();
    if (context.getHandler().name === 'ask') {
      const { query, path, originalUrl, cookies } = request;
      seen.push({ agent: request.get('User-Agent'), path, originalUrl, query: { ...query }, cookies: { ...cookies } });
    }
    return true;
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const response = context.switchToHttp().getResponse<AnyResponse>();
    const name = context.getHandler().name;
    response
      .set({ 'X-One': '1', 'X-Two': '2' })
      .cookie('seen', '1', { httpOnly: true })
      .clearCookie('old')
      .append('X-One', '3')
      .vary('Accept')
      .on('finish', () => finished.push(`${name} ${String(response.get('x-one'))}`));
    return next.handle();
  }
}

@UseGuards(OfHttp)
@UseInterceptors(OfHttp)
@LiveComponent('desk', { template: '<div>desk</div>' })
class Desk {
  @OnEvent()
  step(): void {}

  @OnEvent()
  fail(): void {
    throw new Error('on purpose');
  }

  @OnEvent()
  ask(): void {}
}

describe.each(PLATFORMS)('what is written for HTTP on %s', (platform) => {
  let running: RunningApp;

  beforeAll(async () => {
    running = await RunningApp.start({ platform, providers: [Desk, OfHttp] });
  });

  afterAll(() => running.close());

  it.each(WAYS)('finds its response over $way, and hears when it is over', async ({ open }) => {
    const driver = await open(running.url, 'desk');
    finished.length = 0;
    expect(await driver.send({ event: 'step' })).toMatchObject({ ok: true });
    expect(await driver.send({ event: 'fail' })).toMatchObject({ ok: false, error: { code: 'HANDLER_ERROR' } });
    expect(finished.filter((line) => !line.startsWith('onMount') && !line.startsWith('$'))).toEqual([
      'step 1, 3',
      'fail 1, 3',
    ]);
    driver.close();
  });

  it("finds a socket's request as one of HTTP", async () => {
    const visitor = await SocketVisitor.connect(running.url, {
      headers: { 'user-agent': 'test', cookie: 'a=1; b=%20' },
    });
    const { component_id } = await visitor.open('desk');
    seen.length = 0;
    expect(await visitor.event(component_id, 'ask')).toMatchObject({ ok: true });
    expect(seen).toEqual([
      {
        agent: 'test',
        path: '/components/-/socket',
        originalUrl: expect.stringContaining('/components/-/socket?'),
        query: expect.objectContaining({ transport: 'websocket' }),
        cookies: expect.objectContaining({ a: '1', b: ' ' }),
      },
    ]);
    visitor.close();
  });
});

it('reads bodies on Fastify where Nest is told not to', async () => {
  const module = await Test.createTestingModule({
    imports: [ComponentsModule.forRoot()],
    providers: [Desk, OfHttp],
  }).compile();
  const app = module.createNestApplication(new FastifyAdapter(), { bodyParser: false, logger: false });
  await app.listen(0, '127.0.0.1');
  const visitor = new HttpVisitor(await app.getUrl());
  const { state } = await visitor.mount('desk');
  const next = await visitor.ok('desk', { state, event: 'step' });
  const sent = await visitor.form(
    'desk',
    { state: next.state, event: 'step', page: visitor.page },
    { 'hx-request': 'true' },
  );
  const broken = await visitor.post('desk', '{');
  await app.close();
  expect([sent.status, broken.status, broken.reply]).toMatchObject([200, 400, { error: { code: 'BAD_FRAME' } }]);
});

it("takes an HTTP/2 request's name for the host", () => {
  const headers = { ':authority': 'shop.example', origin: 'https://shop.example', cookie: 'a=1' };
  const policy = new OriginPolicy();
  expect(policy.allowsRequest({ headers, encrypted: true })).toBe(true);
  expect(policy.allowsRequest({ headers: { ...headers, origin: 'https://evil.example' }, encrypted: true })).toBe(
    false,
  );
});
