import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { Counter } from './counter.component.js';
import { HttpVisitor } from './http.visitor.js';
import { PLATFORMS, RunningApp } from './running-app.js';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';

const CHOICES: readonly (readonly [accept: string | undefined, kind: 'html' | 'json'])[] = [
  [undefined, 'json'],
  ['*/*', 'json'],
  ['application/json', 'json'],
  ['text/html', 'html'],
  ['TEXT/HTML', 'html'],
  [BROWSER, 'html'],
  ['text/html, application/json', 'json'],
  ['application/json, text/html', 'json'],
  ['text/html;q=0.9, application/json;q=0.8', 'html'],
  ['text/html;q=0.8, application/json;q=0.9', 'json'],
  ['text/html;q=0.5, */*;q=0.9', 'json'],
  ['text/html;q=0', 'json'],
  ['text/html;level=1;q=0.7, application/json;q=0.3', 'html'],
  ['text/html;q=nonsense', 'json'],
  ['application/xhtml+xml', 'json'],
  ['text/*', 'html'],
];

const fieldsOf = (html: string): Record<string, string> =>
  Object.fromEntries(
    [...html.matchAll(/name="(state|component_id)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );

describe.each(PLATFORMS)('what an HTTP answer is on %s', (platform) => {
  let running: RunningApp;

  beforeAll(async () => {
    running = await RunningApp.start({ platform, providers: [Counter] });
  });

  afterAll(() => running.close());

  it.each(CHOICES)('to Accept: %s is %s', async (accept, kind) => {
    const headers: Record<string, string> = accept === undefined ? {} : { accept };
    const answer = await new HttpVisitor(running.url).send('GET', '/components/counter', { headers });
    expect(answer.headers.get('content-type')).toContain(kind === 'html' ? 'text/html' : 'application/json');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('vary')).toContain('Accept');
    expect(answer.text.startsWith('<div')).toBe(kind === 'html');
  });

  it('is HTML for HX-Request whatever Accept says, refusals too', async () => {
    const visitor = new HttpVisitor(running.url, { 'hx-request': 'true', accept: 'application/json' });
    const { text } = await visitor.send('GET', '/components/counter?start=3');
    expect(text).toContain('<output>3</output>');
    const refused = await visitor.form('counter', { ...fieldsOf(text), event: 'nothing' });
    expect(refused.status).toBe(404);
    expect(refused.headers.get('content-type')).toContain('text/html');
    expect(refused.text).toMatch(/role="alert".*data-code="UNKNOWN_EVENT"/);
  });

  it('carries fresh live fields in every HTML answer, first and later clicks', async () => {
    const visitor = new HttpVisitor(running.url, { 'hx-request': 'true' });
    let { text } = await visitor.send('GET', '/components/counter');
    for (let count = 1; count <= 3; count += 1) {
      const before = fieldsOf(text);
      expect(Object.keys(before).sort()).toEqual(['component_id', 'state']);
      const { status, text: next } = await visitor.form('counter', { ...before, event: 'increment' });
      expect(status).toBe(200);
      expect(next).toContain(`<output>${count}</output>`);
      const after = fieldsOf(next);
      expect(after.component_id).toBe(before.component_id);
      expect(after.state).not.toBe(before.state);
      expect(next).not.toContain('__nest-live');
      text = next;
    }
  });

  it('mounts by a bare form post, as htmx sends it, in one step with no event', async () => {
    const visitor = new HttpVisitor(running.url, { 'hx-request': 'true' });
    const { text } = await visitor.form('counter', { start: '4' });
    expect(text).toContain('<output>4</output>');
  });

  it('takes form fields as the payload, read by declared type, and refuses what is not', async () => {
    const visitor = new HttpVisitor(running.url);
    const { state } = await visitor.mount('counter');
    const { reply } = await visitor.form('counter', { state, event: 'add', by: '3' });
    expect(reply).toMatchObject({ ok: true, html: expect.stringContaining('<output>3</output>') });
    const refused = await visitor.form('counter', { state: reply.state ?? '', event: 'add', by: 'x' });
    expect(refused.status).toBe(422);
    expect(refused.reply).toMatchObject({ error: { code: 'VALIDATION_FAILED', fields: { by: expect.any(Array) } } });
  });

  it('mounts, joins and acts by POST', async () => {
    const visitor = new HttpVisitor(running.url);
    const mounted = (await visitor.post('counter', { params: { start: 2 } })).reply;
    expect(mounted).toMatchObject({ ok: true, version: 0 });
    const joined = (await visitor.post('counter', { state: mounted.state })).reply;
    expect(joined).toMatchObject({ ok: true, version: 0 });
    expect(joined).not.toHaveProperty('html');
    const acted = (await visitor.post('counter', { state: joined.state, event: 'increment' })).reply;
    expect(acted).toMatchObject({ ok: true, version: 1 });
  });

  it('ends an instance by DELETE', async () => {
    const visitor = new HttpVisitor(running.url);
    const { state } = await visitor.mount('counter');
    const first = await visitor.ok('counter', { state, event: 'increment', seq: 1 });
    expect((await visitor.leave('counter', first.state)).reply).toMatchObject({ ok: true });
    const gone = await visitor.refused('counter', { state: first.state, event: 'increment', seq: 2 });
    expect(gone).toMatchObject({ status: 410, error: { code: 'INSTANCE_NOT_FOUND' } });
    const again = await visitor.refused('counter', { state, event: 'increment', seq: 1 });
    expect(again).toMatchObject({ error: { code: 'INSTANCE_NOT_FOUND' } });
  });

  it('never takes an event by GET', async () => {
    const visitor = new HttpVisitor(running.url);
    const { state, component_id } = await visitor.mount('counter');
    const query = new URLSearchParams({ state, component_id, event: 'increment' });
    const { status } = await visitor.send('GET', `/components/counter?${query.toString()}`);
    expect([200, 403, 404]).toContain(status);
    expect((await visitor.ok('counter', { state, event: 'increment', seq: 1 })).version).toBe(1);
  });

  it('has a coded body for unknown components, odd paths and unread bodies', async () => {
    const visitor = new HttpVisitor(running.url);
    for (const name of ['nobody', 'constructor', '__proto__', 'toString', 'Counter', '-', 'a'.repeat(90)]) {
      const { status, reply } = await visitor.send('GET', `/components/${name}`);
      expect({ name, status, reply }).toMatchObject({ status: 404, reply: { error: { code: 'UNKNOWN_COMPONENT' } } });
    }
    for (const body of ['[]', '5', '"x"', '{', '{"event":5}', '{"seq":0}', '{"seq":1.5}', '{"page":"short"}']) {
      const { status, reply } = await visitor.post('counter', body);
      expect({ body, status, reply }).toMatchObject({ status: 400, reply: { error: { code: 'BAD_FRAME' } } });
    }
  });
});

describe('another prefix', () => {
  it('moves everything, and only below itself', async () => {
    const running = await RunningApp.start({ providers: [Counter], options: { prefix: '/app/live' } });
    const visitor = new HttpVisitor(running.url);
    expect((await visitor.send('GET', '/app/live/counter')).reply.ok).toBe(true);
    expect((await visitor.send('GET', '/components/counter')).status).toBe(404);
    await running.close();
  });
});
