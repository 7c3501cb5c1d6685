import { afterEach, describe, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { AuditLog, LiveComponent, OnEvent, Payload, State, type AuditEntry, type ComponentsOptions } from 'nest-live';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { RunningApp } from '../e2e/running-app.js';
import { SocketVisitor } from '../e2e/socket.visitor.js';
import { HeaderCaller } from '../pipeline/probe.component.js';
import { LogLines } from './log.lines.js';

const CANARY = 'canary-7f3a-of-a-secret';

@LiveComponent('diary', { template: '<div>{{text}}</div>', publicProps: ['text'] })
class Diary {
  @State() text = '';
  @State({ bind: true }) draft = '';

  onMount({ text = '' }: { text?: string }): void {
    this.text = text;
  }

  @OnEvent()
  write(@Payload('text') text: string): void {
    this.text = text;
  }

  @OnEvent()
  fail(): void {
    throw new Error('the diary is closed');
  }
}

const entries: AuditEntry[] = [];

@Injectable()
class Kept extends AuditLog {
  record(entry: AuditEntry): void {
    entries.push(entry);
  }
}

let running: RunningApp;
const log = new LogLines();
const open: SocketVisitor[] = [];

const start = async (options: ComponentsOptions = {}): Promise<void> => {
  log.clear();
  entries.length = 0;
  running = await RunningApp.start({
    providers: [Diary],
    logger: log,
    options: {
      callerResolver: HeaderCaller,
      audit: Kept,
      ...options,
      limits: { maxLoopLagMs: 1_000, ...options.limits },
    },
  });
};

const connect = async (headers: Record<string, string> = {}): Promise<SocketVisitor> => {
  const visitor = await SocketVisitor.connect(running.url, { headers });
  open.push(visitor);
  return visitor;
};

const kinds = (): readonly string[] => entries.map(({ kind }) => kind);

afterEach(async () => {
  open.splice(0).forEach((visitor) => visitor.close());
  await running.close();
});

describe('a thousand bad tokens from one place', () => {
  it('are counted one by one, audited once a minute, and lock nobody out', async () => {
    await start({ metrics: true, audit: undefined, limits: { eventsPerSecond: 0 } });
    const neighbour = new HttpVisitor(running.url);
    const { state } = await neighbour.mount('diary');
    const bad = async (): Promise<void> => {
      const visitor = new HttpVisitor(running.url);
      const { error } = await visitor.refused('diary', { state: `${state.slice(0, -4)}AAAA`, event: 'write' });
      expect(error.code).toBe('STATE_INVALID');
    };
    for (let i = 0; i < 50; i += 1) await Promise.all(Array.from({ length: 20 }, bad));
    const metrics = await (await fetch(`${running.url}/components/-/metrics`)).text();
    expect(metrics).toContain('\nlive_state_invalid_total 1000\n');
    const lines = log.all.map(({ text }) => text);
    expect(lines.filter((text) => text.startsWith('bad-token {'))).toHaveLength(1);
    expect(lines.filter((text) => text.includes('STATE_INVALID'))).toHaveLength(2);
    expect((await neighbour.ok('diary', { state, event: 'write', payload: { text: 'x' }, seq: 1 })).version).toBe(1);
    await running.app.close();
    const last = log.all.map(({ text }) => text).filter((text) => text.startsWith('bad-token {'));
    expect(last.at(-1)).toContain('"repeats":999');
  });
});

describe('the audit', () => {
  it('has who used whose token, by hash, with the reference the client got', async () => {
    await start();
    const ada = new HttpVisitor(running.url, { 'x-user': 'ada' });
    const { state } = await ada.mount('diary');
    const mallory = new HttpVisitor(running.url, { 'x-user': 'mallory' });
    const { error } = await mallory.refused('diary', { state, event: 'write' });
    expect(entries).toMatchObject([{ kind: 'wrong-principal', ref: error.ref, component: 'diary', event: 'write' }]);
    expect(entries[0].reason).toMatch(/token of \S+, caller is \S+/);
    expect(JSON.stringify(entries)).not.toMatch(/mallory|ada/);
  });

  it('tells a key it does not know from a token that was changed; the client sees no difference', async () => {
    await start();
    const visitor = new HttpVisitor(running.url);
    const { state } = await visitor.mount('diary');
    const unknown = await visitor.refused('diary', {
      state: state.replace(/^(lc1e?)\.[^.]+/, '$1.k99'),
      event: 'write',
    });
    const changed = await visitor.refused('diary', { state: `${state.slice(0, -4)}AAAA`, event: 'write' });
    expect(kinds()).toEqual(['key-unknown', 'bad-token']);
    expect({ ...unknown.error, ref: '' }).toEqual({ ...changed.error, ref: '' });
  });

  it('has values that only the server sets, foreign sites and messages no client of ours sends', async () => {
    await start();
    const visitor = new HttpVisitor(running.url);
    const { state } = await visitor.mount('diary');
    await visitor.refused('diary', { state, event: '$set', fields: { text: 'mine' } });
    await visitor.post(
      'diary',
      { state, event: 'write' },
      { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' },
    );
    await SocketVisitor.connect(running.url, { headers: { origin: 'https://evil.test' } }).catch(() => undefined);
    const socket = await connect();
    await socket.refused('become-admin', {});
    await socket.refused(77, 1, 'write');
    expect(kinds()).toEqual(['locked-prop', 'origin-refused', 'origin-refused', 'forged-message']);
    await running.app.close();
    expect(entries.slice(4)).toEqual([expect.objectContaining({ kind: 'forged-message', repeats: 1 })]);
  });

  it('counts what anybody can make any number of, each kind apart, and writes the count at the end', async () => {
    await start();
    const ada = new HttpVisitor(running.url, { 'x-user': 'ada' });
    const { state } = await ada.mount('diary');
    const mallory = new HttpVisitor(running.url, { 'x-user': 'mallory' });
    for (let i = 0; i < 5; i += 1) {
      await mallory.refused('diary', { state, event: 'write' });
      await mallory.refused('diary', { state: state.replace(/^(lc1e?)\.[^.]+/, '$1.k99'), event: 'write' });
      await mallory.post(
        'diary',
        { state, event: 'write' },
        { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' },
      );
    }
    expect(kinds()).toEqual(['wrong-principal', 'key-unknown', 'origin-refused']);
    await running.app.close();
    expect(entries.slice(3).map(({ kind, repeats }) => [kind, repeats])).toEqual([
      ['wrong-principal', 4],
      ['key-unknown', 4],
      ['origin-refused', 4],
    ]);
  });

  it('has what the application has loosened, and a template that was refused', async () => {
    await start({ trustProxy: true, origins: ['https://shop.example'], limits: { maxFrameBytes: 1_000_000 } });
    expect(entries).toMatchObject([
      { kind: 'config-override', reason: 'origins: https://shop.example, trustProxy: true, maxFrameBytes: 1000000' },
    ]);
    entries.length = 0;

    @LiveComponent('broken', { template: '<div>{{#if}}</div>' })
    class Broken {}
    const failed = RunningApp.start({ providers: [Broken], options: { audit: Kept } });
    await expect(failed).rejects.toThrow('TEMPLATE_INVALID');
    expect(kinds()).toEqual(['template-refused']);
  });
});

describe('no line of the log and no entry of the audit', () => {
  it('holds payload, state, token or cookie', async () => {
    await start({ logRepeatMs: 0 });
    const visitor = new HttpVisitor(running.url, { 'x-user': 'eve', cookie: `theirs=${CANARY}` });
    const { state } = await visitor.mount('diary', `text=${CANARY}`);
    const payload = { text: CANARY };
    const { state: next } = await visitor.ok('diary', { state, event: 'write', payload, seq: 1 });
    const refused = [
      { state: next, event: 'fail', payload, seq: 2 },
      { state: next, event: 'write', payload, seq: 99 },
      { state: next, event: 'no-such-event', payload },
      { state: next, event: '$set', fields: { text: CANARY } },
      { state: `${next.slice(0, -4)}AAAA`, event: 'write', payload },
      { state: CANARY, event: 'write', payload },
      { state: next, event: 'write', payload: { text: { [CANARY]: CANARY } }, at: CANARY },
      { state: next, event: 'write', payload: `${CANARY}`.repeat(2_000) },
      { params: { notPublic: CANARY } },
    ];
    for (const body of refused) await visitor.post('diary', body);
    await visitor.post('diary', `{"broken": "${CANARY}`);
    const socket = await connect({ cookie: `theirs=${CANARY}` });
    for (const body of refused) await socket.ask('component_event', { component: 'diary', ...body });
    await socket.ask('cancel', { component_id: CANARY, seq: 1 });
    await socket.ask('unheard-of', CANARY);
    const said = log.all.map(({ text }) => text).join('\n') + JSON.stringify(entries);
    expect(log.refusals.length).toBeGreaterThan(15);
    expect(said).not.toContain(CANARY);
    expect(said).not.toMatch(/lc1e?\.[\w-]+\.[\w-]{8}/);
    expect(said).not.toContain(next.slice(-40));
  });
});
