import type { Position } from '../protocol/envelope.js';
import type { Conflict, Opened, StateChange, StoredState } from './state-store.js';

const INSTANCE_BYTES = 512;
const SESSION_BYTES = 256;
/** Names of applied changes that are remembered; the port says so. */
const NAMES_KEPT = 32;

interface ClientSession {
  /** Last number used up. */
  last: number;
  /** Last activity, in milliseconds since the epoch. */
  active: number;
  /** Ring of replies: number n lies at n modulo window. */
  readonly replies: string[];
}

export interface Birth {
  readonly birth: string;
  readonly generation: string;
  readonly snapshot: string;
  readonly shape: number;
  readonly shared: boolean;
  /** Of somebody without a login. */
  readonly isStranger?: boolean;
}

/** One instance in memory: its state, its lineage and the client sessions on it. */
export class StoredInstance {
  readonly birth: string;
  readonly shared: boolean;
  readonly isStranger: boolean;
  generation: string;
  epoch: string;
  version = 0;
  snapshot: string;
  shape: number;
  /** Belongs to the page that adopted it. */
  owned = false;
  /** Last contact, in milliseconds since the epoch. */
  touched = 0;
  /** When it was put behind all others in its store. */
  placed = 0;
  /** Remembered at least until then, in milliseconds since the epoch. */
  until = 0;
  /** Estimated size, in bytes. */
  bytes: number;
  #previous: { readonly generation: string; readonly version: number } | null = null;
  /** Least recently active first. */
  #sessions = new Map<string, ClientSession>();
  /** What caused the last changes of the server, oldest first. */
  #names: string[] = [];

  constructor({ birth, generation, snapshot, shape, shared, isStranger = false }: Birth) {
    this.birth = birth;
    this.generation = generation;
    this.epoch = `${birth}.${generation}`;
    this.snapshot = snapshot;
    this.shape = shape;
    this.shared = shared;
    this.isStranger = isStranger;
    this.bytes = INSTANCE_BYTES + 2 * snapshot.length;
  }

  get sessions(): number {
    return this.#sessions.size;
  }

  get clientSessions(): Iterable<string> {
    return this.#sessions.keys();
  }

  get state(): StoredState {
    return { epoch: this.epoch, version: this.version, snapshot: this.snapshot, shape: this.shape };
  }

  /** What a commit from an older version is told. */
  get conflict(): Conflict {
    return { kind: 'CONFLICT', version: this.version, snapshot: this.snapshot, shape: this.shape };
  }

  /** Takes the store's generation; the old lineage ends at the version reached under it. */
  enter(generation: string): void {
    if (this.generation === generation) return;
    this.#previous = { generation: this.generation, version: this.version };
    this.generation = generation;
    this.epoch = `${this.birth}.${generation}`;
  }

  /** Whether a client was shown something this instance does not hold (`BACK`), or another instance (`GONE`). */
  contradiction(at: Position | undefined): 'GONE' | 'BACK' | null {
    if (!at) return null;
    if (at.e === this.epoch) return at.v > this.version ? 'BACK' : null;
    const dot = at.e.lastIndexOf('.');
    if (dot < 0 || at.e.slice(0, dot) !== this.birth) return 'GONE';
    if (at.e.slice(dot + 1) !== this.#previous?.generation) return 'BACK';
    return at.v > this.#previous.version ? 'BACK' : null;
  }

  has(cs: string): boolean {
    return this.#sessions.has(cs);
  }

  /** Last number used up by a client session; `undefined` for an unknown one. */
  lastOf(cs: string): number | undefined {
    return this.#sessions.get(cs)?.last;
  }

  register(cs: string, now: number): void {
    this.forget(cs);
    this.#sessions.set(cs, { last: 0, active: now, replies: [] });
    this.bytes += SESSION_BYTES;
  }

  /** Marks a known client session as active. */
  activate(cs: string, now: number): ClientSession {
    const session = this.#sessions.get(cs)!;
    session.active = now;
    if (this.#sessions.size > 1) {
      this.#sessions.delete(cs);
      this.#sessions.set(cs, session);
    }
    return session;
  }

  /** What a known client session reads; it becomes active by that. */
  opened(cs: string, now: number): Opened {
    const session = this.activate(cs, now);
    const { epoch, version, snapshot, shape } = this;
    return { kind: 'OK', epoch, version, snapshot, shape, cs, last: session.last };
  }

  apply({ snapshot, shape }: StateChange): void {
    this.bytes += 2 * (snapshot.length - this.snapshot.length);
    this.version++;
    this.snapshot = snapshot;
    this.shape = shape;
  }

  hasApplied(name: string): boolean {
    return this.#names.includes(name);
  }

  remember(name: string): void {
    this.#names.push(name);
    const forgotten = this.#names.length > NAMES_KEPT ? this.#names.shift()! : '';
    this.bytes += 2 * (name.length - forgotten.length);
  }

  /** Lengthens the life that contacts alone would give; never shortens it. */
  keepUntil(until: number | undefined): void {
    this.until = Math.max(this.until, until ?? 0);
  }

  /** Uses up the next number of a known client session. */
  consume(cs: string, reply: string, window: number): number {
    const session = this.#sessions.get(cs)!;
    const seq = ++session.last;
    const slot = seq % window;
    this.bytes += 2 * (reply.length - (session.replies[slot]?.length ?? 0));
    session.replies[slot] = reply;
    return seq;
  }

  replyOf(cs: string, seq: number, window: number): string | null {
    const session = this.#sessions.get(cs);
    if (!session || seq < 1 || seq > session.last || seq <= session.last - window) return null;
    return session.replies[seq % window] ?? null;
  }

  forget(cs: string): void {
    const session = this.#sessions.get(cs);
    if (!session) return;
    this.#sessions.delete(cs);
    this.bytes -= SESSION_BYTES;
    for (const reply of session.replies) this.bytes -= 2 * (reply?.length ?? 0);
  }

  /** Forgets up to `most` client sessions that were silent since `before`, longest silence first. */
  forgetIdle(before: number, most: number): void {
    let left = most;
    for (const [cs, session] of this.#sessions) {
      if (session.active >= before || left-- <= 0) return;
      this.forget(cs);
    }
  }

  /** Forgets the least recently active client sessions until at most `most` are left. */
  forgetOldest(most: number): void {
    for (const cs of this.#sessions.keys()) {
      if (this.#sessions.size <= most) return;
      this.forget(cs);
    }
  }

  copy(): StoredInstance {
    const copy = new StoredInstance(this);
    copy.epoch = this.epoch;
    copy.version = this.version;
    copy.owned = this.owned;
    copy.touched = this.touched;
    copy.until = this.until;
    copy.#names = [...this.#names];
    copy.bytes = this.bytes;
    copy.#previous = this.#previous;
    copy.#sessions = new Map(
      Array.from(this.#sessions, ([cs, session]) => [cs, { ...session, replies: [...session.replies] }]),
    );
    return copy;
  }
}
