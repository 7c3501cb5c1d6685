import { Module } from '@nestjs/common';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  ComponentsModule,
  LiveComponent,
  OnEvent,
  Secret,
  State,
  type ComponentsRootOptions,
  type KeysOption,
  type StateHolding,
} from 'nest-live';
import { Backend, MemoryBackend } from 'nest-live/extend';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { RunningApp } from '../e2e/running-app.js';
import { SocketVisitor } from '../e2e/socket.visitor.js';
import { HeaderCaller } from '../pipeline/probe.component.js';

@LiveComponent('tally', { template: '<p>{{count}}</p>' })
class Tally {
  @State() count = 0;

  @OnEvent()
  add(): void {
    this.count += 1;
  }
}

@LiveComponent('safe', { state: 'client', template: '<p>{{count}}</p>' })
class Safe {
  @State() count = 0;
  @Secret() pin = 'hush';
}

const ONE = { kid: 'k1', secret: 'the-first-key-has-more-than-32-bytes-0001' };
const TWO = { kid: 'k2', secret: 'the-second-key-has-more-than-32-bytes-002' };

const kidOf = (token = ''): string => token.split('.')[1];

/** Nodes on one store, each with the keys that its own configuration names. */
class Fleet {
  private readonly backend = new MemoryBackend();
  private readonly nodes: RunningApp[] = [];
  private readonly visitors: SocketVisitor[] = [];

  constructor(private readonly state: StateHolding) {}

  async node(keys: KeysOption, options: ComponentsRootOptions = {}): Promise<RunningApp> {
    const backend = { provide: Backend, useValue: this.backend };
    @Module({ providers: [backend], exports: [Backend] })
    class Shared {}
    const root = ComponentsModule.forRoot({
      imports: [Shared],
      callerResolver: HeaderCaller,
      state: this.state,
      keys,
      ...options,
    });
    const node = await RunningApp.start({ root, providers: [Tally] });
    this.nodes.push(node);
    return node;
  }

  /** Alice's one page, as it meets whichever node it is sent to. */
  visitor(node: RunningApp): HttpVisitor {
    return Object.assign(new HttpVisitor(node.url, { 'x-user': 'alice' }), { page: 'the-one-page-life-of-alice' });
  }

  async socket(node: RunningApp): Promise<SocketVisitor> {
    const visitor = await SocketVisitor.connect(node.url, { headers: { 'x-user': 'alice' } });
    this.visitors.push(visitor);
    return visitor;
  }

  async end(): Promise<void> {
    this.visitors.forEach((visitor) => visitor.close());
    await Promise.all(this.nodes.map((node) => node.close()));
  }
}

describe.each<StateHolding>(['server', 'client'])('keys that are rotated, with state that the %s holds', (holding) => {
  let fleet: Fleet;

  afterEach(() => fleet.end());

  /** Keys of two nodes, step by step; one node after the other takes the step. */
  const rotate = async (steps: readonly KeysOption[]): Promise<{ codes: string[]; html?: string; kids: string[] }> => {
    fleet = new Fleet(holding);
    const [first, ...rest] = steps;
    let nodes = [await fleet.node(first), await fleet.node(first)];
    let { state } = await fleet.visitor(nodes[0]).mount('tally');
    const codes: string[] = [];
    const kids: string[] = [];
    let html: string | undefined;
    const visit = async (): Promise<void> => {
      for (const node of nodes) {
        const { reply } = await fleet.visitor(node).post('tally', { state, event: 'add' });
        codes.push(reply.ok ? 'ok' : reply.error.code);
        if (!reply.ok) continue;
        ({ html } = reply);
        state = reply.state ?? '';
        kids.push(kidOf(state));
      }
    };
    await visit();
    for (const keys of rest) {
      nodes = [await fleet.node(keys), nodes[1]];
      await visit();
      nodes = [nodes[0], await fleet.node(keys)];
      await visit();
    }
    return { codes, html, kids };
  };

  it('in the right order are never noticed: known everywhere, then first, then alone', async () => {
    const { codes, html, kids } = await rotate([[ONE], [ONE, TWO], [TWO, ONE], [TWO]]);
    expect(new Set(codes)).toEqual(new Set(['ok']));
    expect(html).toContain(`>${codes.length}<`);
    expect(kids.slice(0, 7)).toEqual(Array.from({ length: 7 }, (_, i) => (i === 6 ? 'k2' : 'k1')));
    expect(kids.at(-1)).toBe('k2');
  });

  it.each([
    ['signing before all know it', [[ONE], [TWO, ONE]]],
    ['dropped before all sign anew', [[ONE], [ONE, TWO], [TWO]]],
    ['replaced at once', [[ONE], [TWO]]],
  ])('in a wrong order (%s) are refused where they are unknown, and nothing kept is lost', async (_, steps) => {
    const { codes, html } = await rotate(steps);
    expect(new Set(codes)).toEqual(new Set(['ok', 'STATE_INVALID']));
    const accepted = codes.filter((code) => code === 'ok').length;
    expect(html).toContain(`>${accepted}<`);
  });

  it('sign and verify within their own times', async () => {
    fleet = new Fleet(holding);
    const hour = 3_600_000;
    const old = { ...ONE, verifyUntil: Date.now() - 1 };
    const early = { ...TWO, signFrom: Date.now() + hour };
    const first = fleet.visitor(await fleet.node([early, ONE]));
    const mounted = await first.mount('tally');
    expect(kidOf(mounted.state)).toBe('k1');
    const turned = fleet.visitor(await fleet.node([{ ...TWO, signFrom: Date.now() - 1 }, ONE]));
    const next = await turned.ok('tally', { state: mounted.state, event: 'add' });
    expect(kidOf(next.state)).toBe('k2');
    const later = fleet.visitor(await fleet.node([TWO, old]));
    expect((await later.refused('tally', { state: mounted.state, event: 'add' })).error.code).toBe('STATE_INVALID');
    expect((await later.ok('tally', { state: next.state, event: 'add' })).html).toContain('>2<');
  });
});

describe('a connection that outlives its key or half of its token', () => {
  interface Line {
    readonly keys: () => KeysOption;
    readonly next: string;
    readonly options?: ComponentsRootOptions;
  }

  const lines: readonly (readonly [string, Line])[] = [
    ['the next key begins to sign', { keys: () => [{ ...TWO, signFrom: Date.now() + 1_500 }, ONE], next: 'k2' }],
    ['half of the life is over', { keys: () => [ONE], next: 'k1', options: { tokens: { stateMs: 3_000 } } }],
  ];

  it.each(lines)('gets a new token with its next answer, and none before: %s', async (_, { keys, next, options }) => {
    const fleet = new Fleet('server');
    const socket = await fleet.socket(await fleet.node(keys(), options));
    const { h, state } = await socket.open('tally');
    expect(kidOf(state)).toBe('k1');
    const early = await socket.ok(h, 1, 'add');
    await new Promise((resolve) => setTimeout(resolve, 1_600));
    const late = await socket.ok(h, 2, 'add');
    const after = await socket.ok(h, 3, 'add');
    expect([early.state, kidOf(late.state), after.state]).toEqual([undefined, next, undefined]);
    await fleet.end();
  });
});

describe('an application does not start', () => {
  const start = async (options: ComponentsRootOptions): Promise<string> => {
    const app = await RunningApp.start({ providers: [Tally], options }).catch((error: unknown) => error as Error);
    if (app instanceof Error) return app.message;
    await app.close();
    return 'started';
  };

  it.each([
    ['short', 'only-thirty-one-bytes-of-secret'],
    ['the one of the documentation', 'replace-this-sample-with-32-random-bytes-of-your-own'],
  ])('with a secret that is %s, and says the name of the key and how to make one', async (_, secret) => {
    const message = await start({ keys: [{ kid: 'mine', secret }] });
    expect(message).toMatch(/key "mine".*randomBytes\(32\).*KEYS_WEAK/s);
    expect(message).not.toContain(secret);
  });

  it('in production without a key', async () => {
    expect(await start({ production: true })).toMatch(/KEYS_MISSING/);
  });

  it('and does start with a secret in state that its page holds: such a token is always encrypted', async () => {
    const running = await RunningApp.start({ providers: [Safe], options: { keys: [ONE] } });
    expect((await new HttpVisitor(running.url).mount('safe')).state).toMatch(/^lc1e\.k1\./);
    await running.close();
  });
});
