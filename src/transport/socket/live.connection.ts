import { LiveError } from '../../errors/live-error.js';
import type { LiveCaller } from '../../lifecycle/caller.js';
import type { HeldInstance, Viewer } from '../../lifecycle/viewer.js';
import type { ErrorReply, UpdatePush } from '../../protocol/envelope.js';
import type { Limits } from '../../protocol/limits.js';
import type { LiveSocket } from './live.socket.js';
import { TokenBucket } from './token-bucket.js';

/** One handle: an instance this connection has joined. */
export class JoinedInstance implements Viewer {
  constructor(
    readonly handle: number,
    readonly held: HeldInstance,
    private readonly connection: LiveConnection,
  ) {}

  get caller(): LiveCaller {
    return this.connection.caller;
  }

  get request(): object {
    return this.connection.request;
  }

  update({ html, epoch, version, effects }: Omit<UpdatePush, 'h' | 'component_id' | 'render'>): void {
    this.held.renders += 1;
    this.held.epoch = epoch;
    this.held.version = version;
    const { id: component_id, renders: render } = this.held;
    const push: UpdatePush = { component_id, h: this.handle, html, epoch, version, render, effects };
    this.connection.socket.emit('component_update', push);
  }

  refuse(reply: ErrorReply): void {
    this.connection.socket.emit('error', reply);
  }
}

/** What the server keeps per socket: caller, handles, in-flight count, bucket. */
export class LiveConnection {
  readonly request: object;
  private readonly byHandle = new Map<number, JoinedInstance>();
  private readonly byInstance = new Map<string, JoinedInstance>();
  private readonly bucket?: TokenBucket;
  private nextHandle = 1;
  private inFlight = 0;
  private joining = 0;
  private unknownMessages = 0;
  private closed = false;

  constructor(
    readonly socket: LiveSocket,
    readonly caller: LiveCaller,
    private readonly limits: Limits,
  ) {
    this.request = socket.request;
    const { eventsPerSecond, eventBurst } = limits;
    this.bucket = eventsPerSecond > 0 ? new TokenBucket(eventsPerSecond, eventBurst) : undefined;
  }

  /** @throws LiveError `TOO_MANY_EVENTS`, `TOO_MANY_IN_FLIGHT` */
  admit(): void {
    const retryAfterMs = this.bucket?.take() ?? 0;
    if (retryAfterMs > 0) {
      throw new LiveError('TOO_MANY_EVENTS', 'the connection is over its event rate', { retryAfterMs });
    }
    if (this.inFlight >= this.limits.maxInFlight) {
      throw new LiveError('TOO_MANY_IN_FLIGHT', 'too many unanswered messages on one connection', {
        retryAfterMs: 100,
      });
    }
    this.inFlight += 1;
  }

  settle(): void {
    this.inFlight -= 1;
  }

  /**
   * Counts a join from before it begins, so that joins side by side do not pass the limit together.
   * @returns what to call when the join is over
   * @throws LiveError `TOO_MANY_INSTANCES`; joining again what is joined is always possible
   */
  admitInstance(id: string | undefined): () => void {
    const again = id !== undefined && this.byInstance.has(id);
    if (this.byHandle.size + this.joining >= this.limits.maxInstances && !again) {
      throw new LiveError('TOO_MANY_INSTANCES', `a connection holds at most ${this.limits.maxInstances} instances`);
    }
    this.joining += 1;
    return () => {
      this.joining -= 1;
    };
  }

  /** Gives the instance a handle; a second join of it replaces the first. */
  hold(held: HeldInstance): { readonly joined: JoinedInstance; readonly replaced?: JoinedInstance } {
    const replaced = this.byInstance.get(held.id);
    if (replaced) {
      this.release(replaced);
    }
    const joined = new JoinedInstance(this.nextHandle++, held, this);
    this.byHandle.set(joined.handle, joined);
    this.byInstance.set(held.id, joined);
    return { joined, replaced };
  }

  release(joined: JoinedInstance): void {
    this.byHandle.delete(joined.handle);
    if (this.byInstance.get(joined.held.id) === joined) {
      this.byInstance.delete(joined.held.id);
    }
  }

  /** @throws LiveError `INSTANCE_NOT_FOUND` for a closed handle, `BAD_FRAME` for one never given */
  handle(handle: number): JoinedInstance {
    const joined = this.byHandle.get(handle);
    if (joined) {
      return joined;
    }
    throw handle < this.nextHandle
      ? new LiveError('INSTANCE_NOT_FOUND', 'the handle is closed')
      : new LiveError('BAD_FRAME', 'the handle was never given');
  }

  find(id: string | undefined): JoinedInstance | undefined {
    return id === undefined ? undefined : this.byInstance.get(id);
  }

  /** The socket is gone: what is still being answered is held by nobody. */
  close(): void {
    this.closed = true;
  }

  get isClosed(): boolean {
    return this.closed;
  }

  get joined(): readonly JoinedInstance[] {
    return [...this.byHandle.values()];
  }

  /** @returns whether the socket has sent too many messages that mean nothing */
  countUnknown(): boolean {
    this.unknownMessages += 1;
    return this.unknownMessages >= this.limits.maxUnknownMessages;
  }
}
