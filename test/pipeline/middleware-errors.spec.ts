import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HttpException, type INestApplication, type LoggerService } from '@nestjs/common';
import { LiveComponent, OnEvent, State } from 'nest-live';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { PLATFORMS, RunningApp } from '../e2e/running-app.js';

/** As the package `http-errors` makes them, which most middleware throws. */
const httpError = (status: number, message: string, more: object = {}): Error =>
  Object.assign(new Error(message), { status, statusCode: status, expose: status < 500, ...more });

const CASES = [
  {
    title: 'a token that is missing',
    error: () => httpError(403, 'invalid csrf token', { code: 'EBADCSRFTOKEN' }),
    status: 403,
    code: 'FORBIDDEN',
  },
  { title: 'nobody known', error: () => httpError(401, 'no session'), status: 401, code: 'UNAUTHENTICATED' },
  {
    title: 'too many requests',
    error: () => httpError(429, 'slow down', { headers: { 'Retry-After': '7' } }),
    status: 429,
    code: 'RATE_LIMITED',
    retryAfter: '7',
  },
  { title: 'a teapot', error: () => httpError(418, 'short and stout'), status: 418, code: 'FORBIDDEN' },
  { title: 'maintenance', error: () => httpError(503, 'back at noon'), status: 503, code: 'OVERLOADED' },
  { title: 'a gateway', error: () => httpError(502, 'no session store'), status: 502, code: 'INTERNAL' },
  { title: "Nest's own", error: () => new HttpException('not on sundays', 403), status: 403, code: 'FORBIDDEN' },
  { title: 'any error', error: () => new Error('the session store is away'), status: 500, code: 'INTERNAL' },
  { title: 'a parser’s kind of status', error: () => httpError(400, 'no tenant'), status: 400, code: 'FORBIDDEN' },
] as const;

@LiveComponent('shelf', { template: '<p>{{count}}</p>' })
class Shelf {
  @State() count = 0;

  @OnEvent()
  step(): void {
    this.count += 1;
  }
}

class Lines implements LoggerService {
  readonly all: { level: string; text: string }[] = [];
  log(): void {}
  warn = (text: unknown): void => void this.all.push({ level: 'warn', text: String(text) });
  error = (text: unknown): void => void this.all.push({ level: 'error', text: String(text) });
  debug = (text: unknown): void => void this.all.push({ level: 'debug', text: String(text) });
}

interface AnyHooks {
  use(handler: (request: object, response: object, next: (error?: Error) => void) => void): void;
  addHook(name: 'onRequest', hook: (request: object, reply: object, done: (error?: Error) => void) => void): void;
}

describe.each(PLATFORMS)("what the application's middleware refuses on %s", (platform) => {
  const lines = new Lines();
  let running: RunningApp;
  let refused: Error | undefined;

  const refuse = (app: INestApplication): void => {
    const instance = app.getHttpAdapter().getInstance() as AnyHooks;
    if (platform === 'express') instance.use((_request, _response, next) => next(refused));
    else instance.addHook('onRequest', (_request, _reply, done) => done(refused));
  };

  beforeAll(async () => {
    running = await RunningApp.start({
      platform,
      providers: [Shelf],
      options: { logRepeatMs: 0 },
      logger: lines,
      configure: refuse,
    });
  });

  beforeEach(() => {
    refused = undefined;
    lines.all.length = 0;
  });

  afterAll(() => running.close());

  it.each(CASES)('keeps its own status, and is told in the log: $title', async ({ error, status, code, ...more }) => {
    const visitor = new HttpVisitor(running.url);
    const { state } = await visitor.mount('shelf');
    refused = error();
    const answer = await visitor.post('shelf', { state, event: 'step', seq: 1 });
    expect([answer.status, answer.reply]).toMatchObject([status, { ok: false, error: { code, consumed: false } }]);
    expect(answer.headers.get('retry-after')).toBe('retryAfter' in more ? more.retryAfter : null);
    expect(answer.text).not.toContain(refused.message);
    const page = await visitor.post('shelf', { state, event: 'step', seq: 1 }, { accept: 'text/html' });
    expect([page.status, page.headers.get('content-type')]).toEqual([status, expect.stringContaining('text/html')]);
    const told = lines.all.filter(({ text }) => text.includes(refused!.message));
    expect(told[0]).toEqual({ level: status === 500 || status === 502 ? 'error' : 'warn', text: expect.anything() });
    expect(told[0].text).toContain('middleware');
    // Nothing of it was looked at: the same number is run when it is let through.
    refused = undefined;
    const { reply } = await visitor.post('shelf', { state, event: 'step', seq: 1 });
    expect(reply).toMatchObject({ ok: true, version: 1 });
  });

  it('is something else than a body that cannot be read', async () => {
    const visitor = new HttpVisitor(running.url);
    await visitor.mount('shelf');
    const answer = await fetch(`${running.url}/components/shelf`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"half": ',
    });
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: { code: 'BAD_FRAME' } }]);
    expect(lines.all.some(({ text }) => text.includes('half'))).toBe(false);
  });
});
