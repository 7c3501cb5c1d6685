import type { Frame } from './frame.js';
import type { Told } from './session-port.js';
import type { Session } from './session-port.js';
import { createSession } from './session.js';
import type { OkReply, Position, Reply, UpdatePush } from './wire.js';

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

interface Instance {
  readonly id: string;
  version: number;
  applied: string[];
  /** Restores so far, and the version the latest one went back to. */
  generation: number;
  restored: number;
  readonly sessions: Map<string, number>;
}

interface Handle {
  readonly id: string;
  readonly cs: string;
  /** Newest position sent on it. */
  at?: Position;
}

/** Names the history of one instance: another instance never has it. */
const epochOf = ({ id, generation }: Instance): string => `${id}.${generation}`;

/** Whether a position was shown that the instance no longer has. */
const isBack = (instance: Instance, at: Position | undefined): boolean =>
  !!at && at.v > (at.e === epochOf(instance) ? instance.version : instance.restored);

type Request = Record<string, unknown> & { state?: string; at?: Position };

const refusal = (code: string, more: object = {}): Reply => ({ ok: false, error: { code, message: code, ...more } });

/** A server in miniature: tokens, client sessions, numbers, versions. */
class World {
  readonly instances = new Map<string, Instance>();
  readonly taken = new Map<string, string>();
  readonly handles: Handle[] = [];
  readonly everApplied: string[] = [];
  /** Events seen under each number of each client session. */
  readonly numbers = new Map<string, Set<string>>();
  /** What the next event is refused with. */
  next?: Reply;
  /** A repeated number is answered as the first time. */
  readonly #rejections = new Map<string, Reply>();
  #made = 0;

  get applied(): string[] {
    return [...this.instances.values()].flatMap(({ applied }) => applied);
  }

  /** Old data comes back: what happened since is gone, and so is the memory of its numbers. */
  restore(instance: Instance): void {
    instance.generation++;
    instance.restored = instance.version = 0;
    instance.applied = [];
    this.#rejections.clear();
    for (const cs of instance.sessions.keys()) instance.sessions.set(cs, 0);
  }

  mount(): OkReply {
    const id = `i${++this.#made}`;
    return { ok: true, component_id: id, html: id, state: `m:${id}`, version: 0 };
  }

  handle(frame: Frame): Reply {
    if (frame.need === 'page' || frame.need === 'mount') return this.mount();
    const { body } = frame;
    if (Array.isArray(body)) {
      const handle = this.handles[body[0] - 1];
      const { id, cs, at } = handle;
      const instance = this.instances.get(id);
      if (instance && isBack(instance, at)) return refusal('STATE_ROLLED_BACK');
      const reply = this.#event(id, cs, { seq: body[1], event: body[2] });
      if (reply.ok) handle.at = { e: reply.epoch!, v: reply.version };
      return reply;
    }
    const request = body as Request;
    const opened = this.#open(request);
    if ('ok' in opened) return opened;
    if (request.event !== undefined) return this.#event(opened.id, opened.cs, request);
    const instance = this.instances.get(opened.id)!;
    const { version } = instance;
    const epoch = epochOf(instance);
    this.handles.push({ ...opened, at: { e: epoch, v: version } });
    const html = request.at?.v === version ? undefined : opened.id;
    return { ok: true, h: this.handles.length, version, epoch, html, render: 1, state: `s:${opened.id}:${opened.cs}` };
  }

  #open({ state = '', at, fresh, page }: Request): { id: string; cs: string } | Reply {
    const [kind, id, held = ''] = state.split(':');
    let cs = held;
    if (kind === 'm' && !fresh) {
      cs = String(page);
      const owner = this.taken.get(id);
      if (owner && owner !== cs) return refusal('MOUNT_TAKEN');
      if (owner && !this.instances.has(id)) return refusal('INSTANCE_NOT_FOUND');
      if (!owner) {
        this.taken.set(id, cs);
        this.instances.set(id, {
          id,
          version: 0,
          applied: [],
          generation: 0,
          restored: 0,
          sessions: new Map([[cs, 0]]),
        });
      }
    }
    const instance = this.instances.get(id);
    if (!instance) return refusal('INSTANCE_NOT_FOUND');
    if (isBack(instance, at)) return refusal('STATE_ROLLED_BACK');
    if (fresh) {
      cs = `c${++this.#made}`;
      instance.sessions.set(cs, 0);
    }
    return instance.sessions.has(cs) ? { id, cs } : refusal('CLIENT_SESSION_EXPIRED');
  }

  #event(id: string, cs: string, { seq, event }: Record<string, unknown>): Reply {
    const instance = this.instances.get(id);
    if (!instance) return refusal('INSTANCE_NOT_FOUND');
    const last = instance.sessions.get(cs);
    if (last === undefined) return refusal('CLIENT_SESSION_EXPIRED');
    const number = seq as number;
    const name = event as string;
    const key = `${id} ${cs} ${number}`;
    this.numbers.set(key, (this.numbers.get(key) ?? new Set()).add(name));
    const ok = (): Reply => {
      const { version } = instance;
      const epoch = epochOf(instance);
      return { ok: true, html: id, seq: number, version, epoch, render: version, state: `s:${id}:${cs}` };
    };
    if (number <= last) return this.#rejections.get(key) ?? ok();
    if (number > last + 1) return refusal('SEQ_GAP', { expected: last + 1, retryable: true });
    const refused = this.next;
    this.next = undefined;
    if (refused && !refused.ok) {
      if (refused.error.consumed === true) {
        instance.sessions.set(cs, number);
        this.#rejections.set(key, refused);
      }
      return refused;
    }
    instance.sessions.set(cs, number);
    instance.version++;
    instance.applied.push(name);
    this.everApplied.push(name);
    return ok();
  }
}

/** One session, its network and its server, moved step by step. */
export class SessionWorld {
  readonly server = new World();
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
        accept: ({ html, epoch = '', version }) => html && this.shown.push({ epoch, version }),
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
