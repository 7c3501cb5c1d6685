import { LiveError } from '../../errors/live-error.js';
import type { LiveCaller } from '../../lifecycle/caller/caller.js';
import type { Cancellation } from '../../lifecycle/context/cancellation.js';
import { liveRequest } from '../../lifecycle/caller/live-request.js';
import type { Recognition } from '../../lifecycle/caller/recognition.js';
import type { HeldInstance, Viewer } from '../../lifecycle/instance/viewer.js';
import { ViewerMemory } from '../../lifecycle/instance/viewer-memory.js';
import type { ErrorReply, UpdatePush } from '../../protocol/envelope.js';
import type { Limits } from '../../protocol/limits.js';
import { JointJoins, jointBurst } from '../joint.joins.js';
import { withHabits } from './handshake.habits.js';
import type { LiveSocket } from './live.socket.js';
import type { SendWindow } from './send-window.js';
import { TokenBucket } from './token-bucket.js';
import { UnansweredMessages } from './unanswered.messages.js';

/** `join` is the page's own instance, `subscribe` looks at one as well. */
export type JoinKind = 'join' | 'subscribe';

/** One handle: an instance this connection has joined. */
export class JoinedInstance implements Viewer {
  readonly handle: number;
  readonly held: HeldInstance;
  readonly kind: JoinKind;

  constructor(
    { handle, held, kind }: { readonly handle: number; readonly held: HeldInstance; readonly kind: JoinKind },
    private readonly connection: LiveConnection,
    private readonly joiner: LiveCaller,
  ) {
    this.handle = handle;
    this.held = held;
    this.kind = kind;
    held.shown = connection.window.remember();
    if (held.shown) held.shown.beside = held.memory = new ViewerMemory();
  }

  get caller(): LiveCaller {
    return this.recognition ? this.joiner : this.connection.caller;
  }

  get request(): object {
    return this.connection.request;
  }

  get recognition(): Recognition | undefined {
    return this.connection.recognition(this.request);
  }

  postpone(): boolean {
    return this.connection.window.postpone(this);
  }

  update({ html, epoch, version, effects }: Omit<UpdatePush, 'h' | 'component_id' | 'render'>): void {
    const { window } = this.connection;
    if (html === '' || window.postpone(this)) {
      if (Object.keys(effects).length > 0) {
        window.send(() => this.connection.socket.emit('effect', { component_id: this.held.id, effects }));
      }
      return;
    }
    this.held.renders += 1;
    this.held.epoch = epoch;
    this.held.version = version;
    const { id: component_id, renders: render, shown } = this.held;
    const patch = shown?.next(html, epoch);
    window.push({ component_id, h: this.handle, ...(patch ? { patch } : { html }), epoch, version, render, effects });
  }

  refuse(reply: ErrorReply): void {
    this.connection.window.send(() => this.connection.socket.emit('error', reply));
  }
}

type MessageRequestClass = new (body: unknown, user: unknown) => object;

/** One class per connection: objects made by it share their shape, which a fresh prototype for each message prevents. */
const requestClass = (handshake: object): MessageRequestClass => {
  class MessageRequest {
    constructor(
      readonly body: unknown,
      readonly user: unknown,
    ) {}
  }
  Object.setPrototypeOf(MessageRequest.prototype, liveRequest(handshake));
  return MessageRequest;
};

export interface ConnectionPlan {
  readonly limits: Limits;
  readonly window: SendWindow;
  /** The handshake, as the application's middleware has left it. */
  readonly request: object;
  /** Where guards decide who asks. */
  readonly whoIs?: Recognition['who'];
  /** Told whom the guards have found. */
  readonly met?: (caller: LiveCaller) => void;
}

/** What the server keeps per socket: caller, handles, in-flight count, bucket. */
export class LiveConnection {
  readonly request: object;
  readonly window: SendWindow;
  readonly unanswered = new UnansweredMessages();
  readonly joint: JointJoins;
  private readonly limits: Limits;
  private readonly whoIs?: Recognition['who'];
  private readonly met?: (caller: LiveCaller) => void;
  private readonly byHandle = new Map<number, JoinedInstance>();
  private readonly byInstance = new Map<string, JoinedInstance>();
  private readonly bucket?: TokenBucket;
  private readonly patience?: TokenBucket;
  private messageRequest?: MessageRequestClass;
  private nextHandle = 1;
  private inFlight = 0;
  private readonly counts = { join: 0, subscribe: 0 };
  /** What runs, and the name by which its client may cancel it. */
  private readonly running = new Map<Cancellation, string | undefined>();
  private turn: Promise<unknown> = Promise.resolve();
  private unknownMessages = 0;
  private closed = false;

  constructor(
    readonly socket: LiveSocket,
    private who: LiveCaller,
    { request, limits, window, whoIs, met }: ConnectionPlan,
  ) {
    this.request = withHabits(request);
    this.whoIs = whoIs;
    this.met = met;
    this.limits = limits;
    this.window = window;
    const { eventsPerSecond, eventBurst, maxRefusedMessages } = limits;
    const joins = eventsPerSecond > 0 ? new TokenBucket(eventsPerSecond, jointBurst(limits)) : undefined;
    this.joint = new JointJoins(limits, () => joins?.take() ?? 0);
    this.patience = maxRefusedMessages > 0 ? new TokenBucket(maxRefusedMessages / 10, maxRefusedMessages) : undefined;
    this.bucket = eventsPerSecond > 0 ? new TokenBucket(eventsPerSecond, eventBurst) : undefined;
  }

  get caller(): LiveCaller {
    return this.who;
  }

  /** How guards say who sends a message: by its own request. */
  recognition(request: object): Recognition | undefined {
    const { whoIs: who, met } = this;
    return who && { request, who, met };
  }

  /** The handshake request with a message's own body, so that guards written for HTTP find what they look for. */
  requestWith(payload: unknown): object {
    this.messageRequest ??= requestClass(this.request);
    return new this.messageRequest(payload, this.who.user ?? undefined);
  }

  /** Takes over who is there now, in the order of the messages; undefined when nothing has changed. */
  recheck(ask: (caller: LiveCaller) => LiveCaller | Promise<LiveCaller>): Promise<void> | undefined {
    const now = ask(this.who);
    if (now === this.who) {
      return undefined;
    }
    const mine = Promise.all([now, this.turn]).then(([caller]) => {
      this.who = caller;
    });
    this.turn = mine.catch(() => undefined);
    return mine;
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
   * @throws LiveError `TOO_MANY_INSTANCES`, `TOO_MANY_SUBSCRIPTIONS`; joining again what is joined is always possible
   */
  admitJoin(kind: JoinKind, id: string | undefined): void {
    const again = id !== undefined && this.byInstance.has(id);
    const { maxInstances, maxSubscriptions } = this.limits;
    if (!again && kind === 'join' && this.counts.join >= maxInstances) {
      throw new LiveError('TOO_MANY_INSTANCES', `a connection holds at most ${maxInstances} instances`);
    }
    if (!again && kind === 'subscribe' && this.counts.subscribe >= maxSubscriptions) {
      throw new LiveError('TOO_MANY_SUBSCRIPTIONS', `a connection has at most ${maxSubscriptions} subscriptions`);
    }
    this.counts[kind] += 1;
  }

  /** A join that was admitted has come to nothing. */
  forgoJoin(kind: JoinKind): void {
    this.counts[kind] -= 1;
  }

  /** Lets a later message of this name cancel the event, and the end of the connection. @returns what to call when it is over */
  mayCancel(cancellation: Cancellation, key: string | undefined): () => void {
    this.running.set(cancellation, key);
    return () => this.running.delete(cancellation);
  }

  /** @returns whether something of that name runs */
  cancel(key: string | undefined): boolean {
    const meant = [...this.running].filter(([, name]) => key !== undefined && name === key);
    meant.forEach(([cancellation]) => cancellation.cancel());
    return meant.length > 0;
  }

  /** Gives the instance a handle; a second join of it replaces the first. */
  hold(
    held: HeldInstance,
    kind: JoinKind,
    joiner: LiveCaller,
  ): { readonly joined: JoinedInstance; readonly replaced?: JoinedInstance } {
    const replaced = this.byInstance.get(held.id);
    if (replaced) {
      this.release(replaced);
    }
    const joined = new JoinedInstance({ handle: this.nextHandle++, held, kind }, this, joiner);
    this.byHandle.set(joined.handle, joined);
    this.byInstance.set(held.id, joined);
    return { joined, replaced };
  }

  release(joined: JoinedInstance): void {
    this.window.forget(joined);
    if (this.byHandle.delete(joined.handle)) {
      this.counts[joined.kind] -= 1;
    }
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

  /** The login is over: what has not begun is refused, viewers are told, and the client does not come back by itself. */
  end(reply: ErrorReply): void {
    if (this.closed) {
      return;
    }
    this.unanswered.refuseAll();
    const { joined } = this;
    joined.forEach((one) => this.socket.emit('error', { ...reply, component_id: one.held.id }));
    if (joined.length === 0) {
      this.socket.emit('error', reply);
    }
    this.socket.disconnect(true);
  }

  /** The socket is gone: what is still being answered is held by nobody. */
  close(): void {
    this.closed = true;
    [...this.running.keys()].forEach((cancellation) => cancellation.abandon());
  }

  get isClosed(): boolean {
    return this.closed;
  }

  get joined(): readonly JoinedInstance[] {
    return [...this.byHandle.values()];
  }

  /** @returns whether the socket goes on and on over its rate: refusing it costs more than closing it */
  countRefused(): boolean {
    return (this.patience?.take() ?? 0) > 0;
  }

  /** @returns whether the socket has sent too many messages that mean nothing */
  countUnknown(): boolean {
    this.unknownMessages += 1;
    return this.unknownMessages >= this.limits.maxUnknownMessages;
  }
}
