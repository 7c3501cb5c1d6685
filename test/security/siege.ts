import { expect } from '@jest/globals';
import type { LimitsOptions, Reply } from 'nest-live';
import { StateStore } from 'nest-live/extend';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { RunningApp, type AppPlan } from '../e2e/running-app.js';
import { SocketVisitor } from '../e2e/socket.visitor.js';
import { HeaderCaller } from '../pipeline/probe.component.js';
import { LogLines } from './log.lines.js';
import { Admin, Target } from './target.component.js';

/** What attackers write, so that it is easy to find where it must not be. */
export const CANARY = 'hunter2-of-somebody';

const PROTOTYPE_KEYS = Reflect.ownKeys(Object.prototype).length;
const INSIDE = [CANARY, 'secret-key-of-the-state', 'redis://', 'node_modules', process.cwd()];
const STACK = /\bat .*\.(js|ts):\d+/;

export interface Outcome {
  readonly status?: number;
  readonly text: string;
  readonly reply: Reply;
}

/** An application under attack, with a bystander whose state and answers must not change. */
export class Siege {
  static async start(plan: AppPlan & { readonly limits?: LimitsOptions } = {}): Promise<Siege> {
    const { limits, options, providers = [], ...rest } = plan;
    const log = new LogLines();
    const running = await RunningApp.start({
      ...rest,
      providers: [Target, Admin, ...providers],
      logger: log,
      // Each attack is looked for in the log by itself.
      options: { callerResolver: HeaderCaller, logRepeatMs: 0, limits: { eventsPerSecond: 0, ...limits }, ...options },
    });
    const bystander = await SocketVisitor.connect(running.url);
    const { component_id } = await bystander.open('target', { start: 41 });
    await bystander.event(component_id, 'increment', { seq: 1 });
    const siege = new Siege(running, log, bystander, component_id);
    siege.before = await siege.stored();
    siege.calm();
    return siege;
  }

  private before: unknown;

  private constructor(
    readonly running: RunningApp,
    readonly log: LogLines,
    private readonly bystander: SocketVisitor,
    private readonly victim: string,
  ) {}

  get url(): string {
    return this.running.url;
  }

  /** Forgets what was logged and called before an attack. */
  calm(): void {
    this.log.clear();
    Target.calls = [];
  }

  /** One attack: refused with the code, one line in the log, nothing called, nobody else touched. */
  async refuses(attack: () => Promise<Outcome>, code: string | readonly string[]): Promise<Outcome> {
    this.calm();
    const outcome = await attack();
    const { reply } = outcome;
    if (reply.ok) throw new Error(`accepted: ${outcome.text}`);
    expect([code].flat()).toContain(reply.error.code);
    expect(Target.calls).toEqual([]);
    expect(this.log.refusals.map((line) => [line.code, line.ref])).toEqual([[reply.error.code, reply.error.ref]]);
    await this.stands(outcome.text);
    return outcome;
  }

  /** After whatever was sent: alive, prototypes whole, bystander answered and unchanged, nothing told. */
  async stands(told = ''): Promise<void> {
    expect(Reflect.ownKeys(Object.prototype)).toHaveLength(PROTOTYPE_KEYS);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    const lines = this.log.refusals.map(({ text }) => text.split('\n')[0]).join('\n');
    for (const secret of INSIDE) {
      expect(told).not.toContain(secret);
      expect(lines).not.toContain(secret);
    }
    expect(told).not.toMatch(STACK);
    expect(lines).not.toMatch(/lc1e?\.[\w-]+\.[\w-]{8}/);
    await this.bystander.ok('mount', { component: 'target' });
    expect(await this.stored()).toEqual(this.before);
  }

  async end(): Promise<void> {
    this.bystander.close();
    await this.running.close();
  }

  private async stored(): Promise<unknown> {
    return this.running.app.get(StateStore).peek(this.victim);
  }
}

/** Ways to hand an envelope to the server. */
export interface Attacker {
  readonly name: string;
  /** A mounted instance of one's own, at state token level, that an attack may name. */
  open(siege: Siege, headers?: Readonly<Record<string, string>>): Promise<Opened>;
}

export interface Opened {
  readonly component_id: string;
  readonly state: string;
  readonly page: string;
  send(body: object): Promise<Outcome>;
  close(): void;
}

const outcome = (reply: Reply): Outcome => ({ reply, text: JSON.stringify(reply) });

export const ATTACKERS: readonly Attacker[] = [
  {
    name: 'HTTP JSON',
    async open({ url }, headers) {
      const visitor = new HttpVisitor(url, headers);
      const { component_id, state } = await visitor.mount('target');
      const send = (body: { component?: string }): Promise<Outcome> => visitor.post(body.component ?? 'target', body);
      return { component_id, state, page: visitor.page, send, close: () => undefined };
    },
  },
  {
    name: 'a socket',
    async open({ url }, headers) {
      const visitor = await SocketVisitor.connect(url, { headers });
      const { component_id, state = '' } = await visitor.ok('mount', { component: 'target' });
      const send = async (body: object): Promise<Outcome> =>
        outcome(await visitor.ask('component_event', { component: 'target', page: visitor.page, ...body }));
      return { component_id, state, page: visitor.page, send, close: () => visitor.close() };
    },
  },
];
