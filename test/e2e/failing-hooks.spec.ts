import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { LiveComponent, OnEvent, State } from 'nest-live';

import { Fragile, Plan, type Break, type Hook } from './fragile.component.js';
import { HttpVisitor } from './http.visitor.js';
import { PLATFORMS, RunningApp } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';
import { WAYS } from './two-ways.js';

const IN_AN_EVENT: readonly Hook[] = [
  'onHydrate',
  'onUpdate',
  'handler',
  'beforeRender',
  'computed',
  'helper',
  'onDehydrate',
];
const IN_A_MOUNT: readonly Hook[] = ['constructor', 'onMount', 'beforeRender', 'computed', 'helper', 'onDehydrate'];
/** A promise means nothing where the value itself is wanted. */
const SYNCHRONOUS: ReadonlySet<Hook> = new Set(['constructor', 'computed', 'helper']);
const BREAKS: readonly Break[] = ['throws', 'rejects', 'throws no error', 'throws nothing', 'never settles'];

const breaksOf = (hook: Hook): readonly Break[] =>
  BREAKS.filter((way) => !SYNCHRONOUS.has(hook) || (way !== 'rejects' && way !== 'never settles'));

const codeFor = (way: Break): string => (way === 'never settles' ? 'HANDLER_TIMEOUT' : 'HANDLER_ERROR');

let finished = 0;

@LiveComponent('slow', { template: '<div><output>{{count}}</output></div>' })
class Slow {
  @State() count = 0;

  @OnEvent()
  async late(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 120));
    this.count = 99;
    finished += 1;
  }

  @OnEvent()
  step(): void {
    this.count += 1;
  }
}

describe.each(PLATFORMS)('a component whose hooks fail on %s', (platform) => {
  let running: RunningApp;

  beforeAll(async () => {
    running = await RunningApp.start({
      platform,
      providers: [Fragile, Slow],
      options: {
        limits: { handlerTimeoutMs: 60, eventsPerSecond: 0 },
        rendering: { helpers: { breaking: () => (Plan.at('helper'), '') } },
      },
    });
  });

  afterEach(() => Plan.clear());

  afterAll(() => running.close());

  describe.each(WAYS)('over $way', ({ open }) => {
    it.each(IN_AN_EVENT)('keeps its state and goes on when %s fails', async (hook) => {
      const bystander = await open(running.url, 'fragile');
      const driver = await open(running.url, 'fragile');
      await driver.send({ event: 'step', seq: 1 });
      let seq = 1;
      for (const way of breaksOf(hook)) {
        Plan.hook = hook;
        Plan.way = way;
        const refused = await driver.send({ event: 'step', fields: { note: 'new' }, seq: ++seq });
        expect({ way, refused }).toMatchObject({
          refused: { ok: false, seq, error: { code: codeFor(way), consumed: true, retryable: false } },
        });
        expect(JSON.stringify(refused)).not.toContain('hunter2');
        Plan.clear();
      }
      const next = await driver.send({ event: 'step', seq: ++seq });
      expect(next).toMatchObject({ ok: true, version: 2, seq });
      expect(next).toHaveProperty('html', expect.stringContaining('<output>2</output> 4  '));
      expect(await bystander.send({ event: 'step', seq: 1 })).toMatchObject({ ok: true, version: 1 });
      driver.close();
      bystander.close();
    });
  });

  it.each(IN_A_MOUNT)('is refused by code and mounts the next time when %s fails', async (hook) => {
    const visitor = new HttpVisitor(running.url);
    const socket = await SocketVisitor.connect(running.url);
    for (const way of breaksOf(hook)) {
      Plan.hook = hook;
      Plan.way = way;
      const { reply, status } = await visitor.send('GET', '/components/fragile');
      expect({ way, reply }).toMatchObject({ reply: { ok: false, error: { code: codeFor(way) } } });
      expect(status).toBe(way === 'never settles' ? 504 : 500);
      expect(await socket.refused('mount', { component: 'fragile' })).toMatchObject({ error: { code: codeFor(way) } });
      Plan.clear();
    }
    expect((await visitor.mount('fragile')).html).toContain('<output>0</output>');
    socket.close();
  });

  it.each(BREAKS)('is gone after a leave even when onDestroy %s', async (way) => {
    const socket = await SocketVisitor.connect(running.url);
    const { component_id } = await socket.open('fragile');
    Plan.hook = 'onDestroy';
    Plan.way = way;
    expect(await socket.ask('leave', { component_id })).toMatchObject({ ok: true });
    expect(Plan.destroyed).toBe(1);
    expect(await socket.refused(1, 1, 'step')).toMatchObject({ error: { code: 'INSTANCE_NOT_FOUND' } });
    socket.close();
  });

  it('saves nothing of a handler that comes to its end too late', async () => {
    const visitor = new HttpVisitor(running.url);
    const { state } = await visitor.mount('slow');
    finished = 0;
    const refused = await visitor.refused('slow', { state, event: 'late', seq: 1 });
    expect(refused).toMatchObject({ status: 504, error: { code: 'HANDLER_TIMEOUT' } });
    while (finished === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    const next = await visitor.ok('slow', { state: refused.state, event: 'step', seq: 2 });
    expect(next).toMatchObject({ version: 1, html: expect.stringContaining('<output>1</output>') });
  });
});
