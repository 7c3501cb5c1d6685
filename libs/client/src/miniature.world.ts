import type { Frame } from './frame.js';
import type { OkReply, Position, Reply } from './wire.js';

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
export const epochOf = ({ id, generation }: Instance): string => `${id}.${generation}`;

/** Whether a position was shown that the instance no longer has. */
const isBack = (instance: Instance, at: Position | undefined): boolean =>
  !!at && at.v > (at.e === epochOf(instance) ? instance.version : instance.restored);

type Request = Record<string, unknown> & { state?: string; at?: Position };

export const refusal = (code: string, more: object = {}): Reply => ({
  ok: false,
  error: { code, message: code, ...more },
});

/** A server in miniature: tokens, client sessions, numbers, versions. */
export class MiniatureServer {
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
    if (Array.isArray(body) && Array.isArray(body[0])) {
      const [[state, v], seq, event] = body as [[string, number], number, string];
      const request = { state, at: { e: state.split(':')[3], v }, seq, event };
      const opened = this.#open(request);
      return 'ok' in opened ? opened : this.#event(opened.id, opened.cs, request);
    }
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
    return {
      ok: true,
      h: this.handles.length,
      version,
      epoch,
      html,
      render: 1,
      state: `s:${opened.id}:${opened.cs}:${epoch}`,
    };
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
      return { ok: true, html: id, seq: number, version, epoch, render: version, state: `s:${id}:${cs}:${epoch}` };
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
