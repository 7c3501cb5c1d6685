import type { Frame } from './frame.js';
import type { Told } from './session-port.js';
import type { Session } from './session-port.js';
import { createSession } from './session.js';
import { epochOf, MiniatureServer, refusal } from './miniature.world.js';
import type { Reply, UpdatePush } from './wire.js';

export type Fault =
  | 'click'
  | 'serve'
  | 'deliver'
  | 'cut'
  | 'cut-applied'
  | 'http'
  | 'socket'
  | 'purge'
  | 'restart'
  | 'refuse'
  | 'wait-code'
  | 'internal'
  | 'push'
  | 'roll-back'
  | 'take'
  | 'tick';

/** One session, its network and its server, moved step by step. */
export class SessionWorld {
  readonly server = new MiniatureServer();
  readonly clicked: string[] = [];
  readonly outcomes = new Map<string, string[]>();
  readonly told: Told['type'][] = [];
  readonly shown: { readonly epoch: string; readonly version: number }[] = [];
  mostInFlight = 0;
  readonly #session: Session;
  /** 0 is HTTP; nothing before the first. */
  #connection?: number;
  #connections = 0;
  #up: Frame[] = [];
  #down: (readonly [Frame, Reply] | UpdatePush)[] = [];

  constructor(private readonly pass: (ms: number) => void) {
    const { state = '', component_id: id = '' } = this.server.mount();
    this.#session = createSession(
      { component: 'counter', id, ticket: state, page: 'page' },
      {
        ready: () => this.#pump(),
        accept: ({ html, epoch = '', version }) => !html || this.shown.push({ epoch, version }) > 0,
        replace: ({ component_id, state: ticket, html }) =>
          html ? { id: component_id ?? '', ticket: ticket ?? '' } : undefined,
        tell: ({ type }) => this.told.push(type),
      },
    );
  }

  run(fault: Fault): void {
    const instance = this.server.instances.get(this.#session.id);
    if (fault === 'click') this.#click();
    if (fault === 'serve') this.#serve();
    if (fault === 'deliver') this.#deliver();
    if (fault === 'cut') this.#cut();
    if (fault === 'cut-applied') {
      while (this.#up.length) this.#serve();
      this.#cut();
    }
    if (fault === 'http') this.#reach(0);
    if (fault === 'socket') this.#reach(++this.#connections);
    if (fault === 'purge') for (const { sessions } of this.server.instances.values()) sessions.clear();
    if (fault === 'restart') this.server.instances.clear();
    if (fault === 'refuse') this.server.next = refusal('FORBIDDEN', { consumed: true });
    if (fault === 'wait-code') this.server.next = refusal('CONTENTION', { retryable: true, consumed: false });
    if (fault === 'internal') this.server.next = refusal('INTERNAL', { consumed: 'unknown' });
    const { taken } = this.server;
    if (fault === 'take' && !taken.has(this.#session.id)) taken.set(this.#session.id, 'another page');
    if (fault === 'tick') this.pass(1_000);
    if (fault === 'push' && instance && this.#session.h) {
      instance.version++;
      const { version } = instance;
      const epoch = epochOf(instance);
      const { id, h } = this.#session;
      this.server.handles[h - 1].at = { e: epoch, v: version };
      this.#down.push({ component_id: id, h, html: id, epoch, version, render: version });
    }
    if (fault === 'roll-back' && instance) this.server.restore(instance);
    this.#pump();
  }

  /** Faults have stopped: everything arrives. */
  settle(): void {
    this.server.next = undefined;
    this.#reach(++this.#connections);
    for (let step = 0; step < 500; step++) {
      this.#pump();
      if (this.#up.length) this.#serve();
      else if (this.#down.length) this.#deliver();
      else this.pass(20_000);
    }
  }

  #click(): void {
    const event = `event ${this.clicked.length}`;
    this.clicked.push(event);
    this.#session.add({
      event,
      settle: (reply) => {
        const outcome = reply.ok ? 'ok' : reply.error.consumed === 'unknown' ? 'unknown' : reply.error.code;
        this.outcomes.set(event, [...(this.outcomes.get(event) ?? []), outcome]);
      },
    });
  }

  #pump(): void {
    if (this.#connection === undefined) return;
    for (;;) {
      const events = [...this.#up, ...this.#down.flatMap((item) => ('component_id' in item ? [] : [item[0]]))];
      const room = 16 - events.filter(({ event }) => event).length;
      const frame = this.#session.next({ connection: this.#connection, room });
      if (!frame) return;
      this.#up.push(frame);
      this.mostInFlight = Math.max(this.mostInFlight, events.length + 1);
    }
  }

  #reach(connection: number): void {
    this.#cut();
    this.#connection = connection;
    this.#session.resume();
  }

  #serve(): void {
    const frame = this.#up.shift();
    if (frame) this.#down.push([frame, this.server.handle(frame)]);
  }

  #deliver(): void {
    const item = this.#down.shift();
    if (!item) return;
    if ('component_id' in item) {
      if (item.h === this.#session.h) this.#session.push(item);
    } else this.#session.answer(item[0], item[1]);
  }

  #cut(): void {
    const frames = [...this.#down.flatMap((item) => ('component_id' in item ? [] : [item[0]])), ...this.#up];
    this.#up = [];
    this.#down = [];
    if (this.#connection) this.#connection = ++this.#connections;
    for (const frame of frames) this.#session.answer(frame);
  }
}
