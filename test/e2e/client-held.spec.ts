import { afterEach, describe, expect, it } from '@jest/globals';
import { LiveComponent, LiveError, OnEvent, Payload, Secret, State, type OkReply, type Reply } from 'nest-live';
import { StateStore, type MemoryStateStore } from 'nest-live/extend';

import { HttpVisitor } from './http.visitor.js';
import { RunningApp, type AppPlan } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';

@LiveComponent('note', { state: 'client', template: '<p>{{text}}|{{#each tags}}{{this}},{{/each}}</p>' })
class Note {
  static destroyed = 0;

  @State({ bind: true }) text: string = '';
  @State() tags = new Set<string>();
  @State() since = new Date(0);

  onDestroy(): void {
    Note.destroyed += 1;
  }

  @OnEvent()
  tag(@Payload('tag') tag: string): void {
    this.since.setTime(this.since.getTime() + 1);
    this.tags.add(tag);
  }

  @OnEvent()
  write(@Payload('chars') chars: number, @Payload('fill') fill: string): void {
    this.text = fill.repeat(chars);
  }

  @OnEvent()
  fail(): void {
    throw new LiveError('RECORD_CHANGED', 'somebody else was faster');
  }
}

@LiveComponent('dice', { state: { held: 'client', replay: 'allow' }, template: '<p>{{rolls}}</p>' })
class Dice {
  @State() rolls = 0;

  @OnEvent()
  roll(): void {
    this.rolls += 1;
  }
}

@LiveComponent('vault', { state: 'client', template: '<p>{{opened}}</p>' })
class Vault {
  static readonly codes: string[] = [];

  @State() opened = 0;
  @Secret() code = 'hush-0';

  @OnEvent()
  open(): void {
    Vault.codes.push(this.code);
    this.opened += 1;
    this.code = `hush-${this.opened}`;
  }
}

const codeOf = (reply: Reply): string => (reply.ok ? (reply.dup ? 'dup' : 'ok') : reply.error.code);

const textOf = (token = ''): string =>
  token
    .split('.')
    .map((part) => Buffer.from(part, 'base64url').toString('latin1'))
    .join(' ');

describe('state that its page holds', () => {
  let running: RunningApp;

  const start = async (plan: AppPlan = {}): Promise<RunningApp> => {
    const options = { limits: { eventsPerSecond: 0 }, ...plan.options };
    return (running = await RunningApp.start({ providers: [Note, Dice, Vault], ...plan, options }));
  };

  afterEach(() => running.close());

  const stored = (id: string) => running.app.get(StateStore).peek(id);

  const tag = (text: string, more: object = {}) => ({ event: 'tag', payload: { tag: text }, ...more });

  it('is in every token, with the types it had; the store keeps a register from the first event on', async () => {
    const http = new HttpVisitor((await start({ options: { tokens: { form: 'signed' } } })).url);
    const { state, component_id } = await http.mount('note');
    expect(await stored(component_id)).toBeNull();
    const first = await http.ok('note', { state, ...tag('a') });
    expect(textOf(first.state)).toContain('{\\"$\\":\\"set\\",\\"v\\":[\\"a\\"]}');
    expect(await stored(component_id)).toMatchObject({ version: 1, snapshot: '-' });
    const second = await http.ok('note', { state: first.state, ...tag('b') });
    expect(second).toMatchObject({ version: 2, html: expect.stringContaining('>|a,b,<') });
    expect(textOf(second.state)).toContain('{\\"$\\":\\"date\\",\\"v\\":2}');
  });

  it('that is not the newest is answered with the newest, and nothing is run', async () => {
    const http = new HttpVisitor((await start()).url);
    const { state } = await http.mount('note');
    const first = await http.ok('note', { state, ...tag('a', { seq: 1 }) });
    const second = await http.ok('note', { state: first.state, ...tag('b', { seq: 2 }) });
    let newest = second.state;
    for (const old of [state, first.state]) {
      const stale = await http.refused('note', { state: old, ...tag('x', { seq: 3 }) });
      expect(stale).toMatchObject({ status: 409, error: { code: 'STATE_STALE', retryable: false, consumed: false } });
      expect(stale.html).toContain('>|a,b,<');
      newest = stale.state ?? '';
    }
    const next = await http.ok('note', { state: newest, ...tag('c', { seq: 3 }) });
    expect(next.html).toContain('>|a,b,c,<');
    expect(codeOf((await http.post('note', { state: second.state, ...tag('y') })).reply)).toBe('STATE_STALE');
  });

  it('is presented a hundred times at once, and counts once', async () => {
    const http = new HttpVisitor((await start()).url);
    let { state } = await http.mount('note');
    for (const name of ['a', 'b']) ({ state } = await http.ok('note', { state, ...tag(name) }));
    const codes = await Promise.all(
      Array.from({ length: 100 }, async (_, i) => codeOf((await http.post('note', { state, ...tag(`x${i}`) })).reply)),
    );
    expect(codes.filter((code) => code === 'ok')).toHaveLength(1);
    expect(codes.every((code) => ['ok', 'STATE_STALE', 'TOO_MANY_IN_FLIGHT'].includes(code))).toBe(true);
    const { html } = await http.refused('note', { state, ...tag('y') });
    expect(html).toMatch(/>\|a,b,x\d+,</);
  });

  it('goes on after an event that was refused, with the token from before and with the one of the refusal', async () => {
    const http = new HttpVisitor((await start()).url);
    const { state } = await http.mount('note');
    const first = await http.ok('note', { state, ...tag('a', { seq: 1 }) });
    const refused = await http.refused('note', { state: first.state, event: 'fail', seq: 2 });
    expect(refused.error).toMatchObject({ code: 'RECORD_CHANGED', consumed: true });
    const next = await http.ok('note', { state: first.state, ...tag('b', { seq: 3 }) });
    expect(next.html).toContain('>|a,b,<');
    const stale = await http.refused('note', { state: refused.state, ...tag('c', { seq: 4 }) });
    expect(stale.error.code).toBe('STATE_STALE');
  });

  it('has no handle on a connection: each event brings its token, each answer the next', async () => {
    const socket = await SocketVisitor.connect((await start()).url);
    const { component_id, state, html } = await socket.ok('mount', { component: 'note' });
    const ask = { component: 'note', component_id, page: socket.page };
    const joined = await socket.ok('join', { ...ask, state });
    expect([html !== undefined, joined.h, joined.html]).toEqual([true, undefined, undefined]);
    const first = await socket.ok('component_event', { ...ask, state: joined.state, ...tag('a', { seq: 1 }) });
    const lost = await socket.ok('component_event', { ...ask, state: first.state, ...tag('b', { seq: 2 }) });
    const again = await socket.ok('component_event', { ...ask, state: first.state, ...tag('b', { seq: 2 }) });
    expect(again).toMatchObject({ dup: true, version: lost.version, html: lost.html });
    const refusal = await socket.refused('component_event', { ...ask, state: joined.state, ...tag('c', { seq: 3 }) });
    expect(refusal).toMatchObject({ error: { code: 'STATE_STALE' }, html: lost.html });
    const rejoined = await socket.ok('join', { ...ask, state: joined.state, at: { e: first.epoch, v: 1 } });
    expect(rejoined).toMatchObject({ version: 2, html: lost.html });
    const next = await socket.ok('component_event', { ...ask, state: rejoined.state, ...tag('c', { seq: 3 }) });
    expect(next.html).toContain('>|a,b,c,<');
    expect(codeOf(await socket.ask('subscribe', { ...ask, state: next.state }))).toBe('BAD_FRAME');
    socket.close();
  });

  it('outlives the client session that the store has forgotten: the register stays as long as its tokens', async () => {
    const http = new HttpVisitor((await start({ options: { memory: { ttlMs: 1, clientSessionMs: 1 } } })).url);
    const { state } = await http.mount('note');
    const first = await http.ok('note', { state, ...tag('a', { seq: 1 }) });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await running.app.get<MemoryStateStore>(StateStore).sweep();
    const idle = await http.refused('note', { state: first.state, ...tag('b', { seq: 2 }) });
    expect(idle.error.code).toBe('CLIENT_SESSION_EXPIRED');
    const joined = await http.ok('note', { state: first.state, fresh: true });
    const next = await http.ok('note', { state: joined.state, ...tag('b', { seq: 1 }) });
    expect(next.html).toContain('>|a,b,<');
  });

  it('has a register that lives as long as the newest of its tokens, not as the first', async () => {
    const stateMs = 10_000;
    let shift = 0;
    const memory = { ttlMs: 1, now: () => Date.now() + shift };
    const http = new HttpVisitor((await start({ options: { memory, tokens: { stateMs } } })).url);
    const { state } = await http.mount('note');
    const first = await http.ok('note', { state, ...tag('a') });
    const adopted = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const second = await http.ok('note', { state: first.state, ...tag('b') });
    // Between the ends of the two: the first event alone would not have kept it so long.
    shift = adopted + stateMs + 2 * 60_000 + 100 - Date.now();
    expect((await http.ok('note', { state: second.state, ...tag('c') })).html).toContain('>|a,b,c,<');
  });

  it('is found again by a fresh join with an older token, as long as its newest answer is remembered', async () => {
    const http = new HttpVisitor((await start()).url);
    const { state } = await http.mount('note');
    const first = await http.ok('note', { state, ...tag('a', { seq: 1 }) });
    await http.ok('note', { state: first.state, ...tag('b', { seq: 2 }) });
    const joined = await http.ok('note', { state: first.state, fresh: true });
    expect(joined.html).toContain('>|a,b,<');
    const lost = await http.refused('note', { state: first.state, ...tag('c', { seq: 3 }) });
    expect(lost.error.code).toBe('CLIENT_SESSION_EXPIRED');
    const twice = await http.refused('note', { state: first.state, fresh: true });
    expect(twice.error.code).toBe('INSTANCE_NOT_FOUND');
    expect((await http.ok('note', { state: joined.state, ...tag('c', { seq: 1 }) })).html).toContain('>|a,b,c,<');
  });

  it('is gone with its register, never taken up from a token alone', async () => {
    const http = new HttpVisitor((await start()).url);
    const mounted = await http.mount('note');
    const { state } = await http.ok('note', { state: mounted.state, ...tag('a') });
    expect((await http.leave('note', state)).reply.ok).toBe(true);
    expect(Note.destroyed).toBe(1);
    for (const token of [state, mounted.state]) {
      expect((await http.refused('note', { state: token, ...tag('b') })).error.code).toBe('INSTANCE_NOT_FOUND');
    }
    await running.close();
    const again = await start();
    const later = new HttpVisitor(again.url, { cookie: http.cookie });
    expect((await later.refused('note', { state, ...tag('b') })).error.code).toBe('INSTANCE_NOT_FOUND');
  });

  it('larger than its bound is refused by the name of its biggest field, at mount and after', async () => {
    const http = new HttpVisitor((await start({ options: { limits: { maxStringChars: 40_000 } } })).url);
    const { state } = await http.mount('note');
    const write = (chars: number, fill = 'x') => ({ event: 'write', payload: { chars, fill } });
    const large = await http.refused('note', { state, ...write(16_384) });
    expect(large.error).toMatchObject({ code: 'STATE_TOO_LARGE', consumed: true });
    // Quotes grow inside a token: within the bound, and still more than a token can carry.
    const grown = await http.refused('note', { state: large.state, ...write(8_000, '"') });
    expect(grown.error.code).toBe('STATE_TOO_LARGE');
    const kept = await http.ok('note', { state: grown.state, ...write(16_000) });
    expect(kept.version).toBe(1);
  });

  it('that is secret is encrypted, whoever holds it', async () => {
    const http = new HttpVisitor((await start()).url);
    let { state } = await http.mount('vault');
    const tokens = [state];
    for (let i = 0; i < 3; i += 1) {
      ({ state } = await http.ok('vault', { state, event: 'open' }));
      tokens.push(state);
    }
    expect(Vault.codes).toEqual(['hush-0', 'hush-1', 'hush-2']);
    for (const token of tokens) {
      expect(token).toMatch(/^lc1e\./);
      expect(textOf(token)).not.toMatch(/hush|opened/);
    }
  });

  it('may be presented again where replays are allowed, and the server keeps nothing', async () => {
    const http = new HttpVisitor((await start()).url);
    const { state, component_id } = await http.mount('dice');
    const tokens = [state];
    for (const seq of [1, 2, 3]) {
      tokens.push((await http.ok('dice', { state: tokens.at(-1), event: 'roll', seq })).state);
    }
    expect(await http.ok('dice', { state: tokens[1], event: 'roll', seq: 9 })).toMatchObject({
      version: 2,
      html: expect.stringContaining('>2<'),
    });
    expect(await http.ok('dice', { state: tokens[3], event: 'roll' })).toMatchObject({ version: 4, seq: 4 });
    expect((await http.ok('dice', { state: tokens[3] })).html).toContain('>3<');
    expect((await http.leave('dice', tokens[3])).reply.ok).toBe(true);
    expect(await stored(component_id)).toBeNull();
  });

  it('is a choice of the module, which a component may overrule', async () => {
    @LiveComponent('kept', { state: 'server', template: '<p></p>' })
    class Kept {}
    @LiveComponent('given', { template: '<p></p>' })
    class Given {}
    const { url } = await start({ providers: [Kept, Given], options: { state: 'client' } });
    const socket = await SocketVisitor.connect(url);
    const open = async (component: string): Promise<OkReply> => socket.open(component);
    expect([(await open('kept')).h, (await open('given')).h]).toEqual([1, 0]);
    socket.close();
  });
});
