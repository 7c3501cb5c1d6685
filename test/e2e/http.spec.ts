import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { INestApplication } from '@nestjs/common';
import { ComponentsModule, type ErrorReply, type OkReply } from 'nest-live';

import { Counter } from './counter.component.js';

const PLATFORMS = {
  express: (): undefined => undefined,
  fastify: () => new FastifyAdapter(),
};

describe.each(Object.entries(PLATFORMS))('components over HTTP on %s', (_platform, adapter) => {
  let app: INestApplication;
  let url: string;

  beforeAll(async () => {
    const module = await Test.createTestingModule({
      imports: [ComponentsModule.forRoot()],
      providers: [Counter],
    }).compile();
    const platform = adapter();
    app = platform ? module.createNestApplication<NestFastifyApplication>(platform) : module.createNestApplication();
    await app.listen(0);
    url = `${(await app.getUrl()).replace('[::1]', '127.0.0.1')}/components/counter`;
  });

  afterAll(() => app.close());

  const mount = async (): Promise<{ reply: OkReply; cookie: string }> => {
    const response = await fetch(`${url}?start=5`);
    expect(response.status).toBe(200);
    return {
      reply: (await response.json()) as OkReply,
      cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '',
    };
  };

  const post = async (cookie: string, body: object, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', cookie, ...headers },
      body: JSON.stringify(body),
    });

  it('mounts, then counts events with the token of the answer before', async () => {
    const { reply, cookie } = await mount();
    expect(reply.html).toContain('<output>5</output>');
    expect(reply.html).toMatch(/^<div live-state="lc1e\.[^"]+" live-id="[^"]+" live-component="counter">/);

    const first = (await (
      await post(cookie, { state: reply.state, event: 'increment', seq: 1, page: 'p'.repeat(22) })
    ).json()) as OkReply;
    expect(first).toMatchObject({ ok: true, version: 1, seq: 1, component_id: reply.component_id });
    expect(first.html).toContain('<output>6</output>');

    const second = (await (
      await post(cookie, { state: first.state, event: 'add', payload: { by: 3 }, seq: 2 })
    ).json()) as OkReply;
    expect(second.html).toContain('<output>9</output>');

    const again = (await (
      await post(cookie, { state: first.state, event: 'add', payload: { by: 3 }, seq: 2 })
    ).json()) as OkReply;
    expect(again).toMatchObject({ ok: true, dup: true, version: 2 });
    expect(again.html).toContain('<output>9</output>');
  });

  it('refuses a bad payload with field messages and goes on', async () => {
    const { reply, cookie } = await mount();
    const refused = await post(cookie, {
      state: reply.state,
      event: 'add',
      payload: { by: 'x' },
      page: 'q'.repeat(22),
      seq: 1,
    });
    expect(refused.status).toBe(422);
    const body = (await refused.json()) as ErrorReply;
    expect(body.error).toMatchObject({ code: 'VALIDATION_FAILED', consumed: true, retryable: false });
    expect(Object.keys(body.error.fields ?? {})).toEqual(['by']);
    const next = (await (await post(cookie, { state: body.state, event: 'increment', seq: 2 })).json()) as OkReply;
    expect(next.html).toContain('<output>6</output>');
  });

  it('answers htmx with HTML that carries the next token', async () => {
    const { reply, cookie } = await mount();
    const form = (state: string): Promise<Response> =>
      fetch(url, {
        method: 'POST',
        headers: { 'hx-request': 'true', 'sec-fetch-site': 'same-origin', cookie },
        body: new URLSearchParams({ event: 'increment', state, component_id: reply.component_id }),
      });
    const html = await (await form(String(reply.state))).text();
    expect(html).toContain('<output>6</output>');
    const [, next] = /name="state" value="([^"]+)"/.exec(html) ?? [];
    expect(await (await form(next)).text()).toContain('<output>7</output>');
  });

  it('answers a refused htmx request with the component as it is, its next token and the notice', async () => {
    const { reply, cookie } = await mount();
    const form = (state: string, more: Record<string, string>): Promise<Response> =>
      fetch(url, {
        method: 'POST',
        headers: { 'hx-request': 'true', 'sec-fetch-site': 'same-origin', cookie },
        body: new URLSearchParams({ state, component_id: reply.component_id, ...more }),
      });
    const refused = await form(String(reply.state), { event: 'add', by: '500' });
    expect(refused.status).toBe(422);
    const html = await refused.text();
    expect(html).toContain('<output>5</output>');
    expect(html).toMatch(/data-code="VALIDATION_FAILED".*by must not be greater than 10.*<\/div><\/div>$/);
    const [, next] = /name="state" value="([^"]+)"/.exec(html) ?? [];
    expect(await (await form(next, { event: 'add', by: '3' })).text()).toContain('<output>8</output>');
  });

  it('answers an unreadable body with a coded refusal', async () => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
      body: '{"event":',
    });
    expect(response.status).toBe(400);
    expect(((await response.json()) as ErrorReply).error.code).toBe('BAD_FRAME');
  });
});
