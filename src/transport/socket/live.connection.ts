import { LiveError } from '../../errors/live-error.js';
import type { LiveCaller } from '../../lifecycle/caller/caller.js';
import type { Cancellation } from '../../lifecycle/context/cancellation.js';
import type { Recognition } from '../../lifecycle/caller/recognition.js';
import type { HeldInstance } from '../../lifecycle/instance/viewer.js';
import type { ErrorReply, Reply } from '../../protocol/envelope.js';
import type { Limits } from '../../protocol/limits.js';
import type { Known } from '../brief.reply.js';
import { JointJoins, jointBurst } from '../joint.joins.js';
import { withHabits } from './handshake.habits.js';
import { JoinedInstance, type JoinKind } from './joined.instance.js';
import type { LiveSocket } from './live.socket.js';
import type { SendWindow } from './send-window.js';
import { MessageRequest, requestClass, type SentRequest } from './message.request.js';
import { TokenBucket } from './token-bucket.js';
import { UnansweredMessages } from './unanswered.messages.js';

/** Who sends a message, by its own request. */
class MessageRecognition implements Recognition {
  constructor(
    readonly request: object,
    private readonly connection: LiveConnection,
    private readonly whoIs: Recognition['who'],
  ) {}

  who(request: object): LiveCaller {
    return this.whoIs(request);
  }

  met(caller: LiveCaller): void {
    this.connection.meet(caller);
  }
}

const NOTHING_BEFORE = Promise.resolve();

export interface ConnectionPlan {
  readonly limits: Limits;
  readonly window: SendWindow;
  /** The handshake, as the application's middleware has left it. */
  readonly request: object;
  /** Where guards decide who asks. */
  readonly whoIs?: Recognition['who'];
  /** Told whom the guards have found. */
  readonly met?: (connection: LiveConnection, caller: LiveCaller) => void;
}

/** What the server keeps per socket: caller, handles, in-flight count, bucket. */
export class LiveConnection {
  readonly request: object;
  /** Of the request: looked up once, because what is not there is looked for in all its prototypes. */
  readonly raw: unknown;
  readonly window: SendWindow;
  readonly unanswered = new UnansweredMessages();
  private readonly limits: Limits;
  private readonly whoIs?: Recognition['who'];
  private readonly met: ConnectionPlan['met'];
  /** By their handles, which are numbers, and by the ids of their instances. */
  private readonly joins = new Map<number | string, JoinedInstance>();
  // Made when first needed: most connections say little, and there are many of them.
  private jointJoins?: JointJoins;
  private bucket?: TokenBucket;
  private patience?: TokenBucket;
  private sentRequest?: SentRequest;
  private nextHandle = 1;
  private inFlight = 0;
  private readonly counts = { join: 0, subscribe: 0 };
  /** What runs, and the name by which its client may cancel it. */
  private running?: Map<Cancellation, string | undefined>;
  private turn: Promise<unknown> = NOTHING_BEFORE;
  private unknownMessages = 0;
  private closed = false;

  constructor(
    readonly socket: LiveSocket,
    private who: LiveCaller,
    { request, limits, window, whoIs, met }: ConnectionPlan,
  ) {
    this.request = withHabits(request);
    this.raw = (request as { readonly raw?: unknown }).raw;
    this.whoIs = whoIs;
    this.met = met;
    this.limits = limits;
    this.window = window;
  }

  get joint(): JointJoins {
    if (!this.jointJoins) {
      const { eventsPerSecond } = this.limits;
      const joins = eventsPerSecond > 0 ? new TokenBucket(eventsPerSecond, jointBurst(this.limits)) : undefined;
      this.jointJoins = new JointJoins(this.limits, () => joins?.take() ?? 0);
    }
    return this.jointJoins;
  }

  get caller(): LiveCaller {
    return this.who;
  }

  get asksGuards(): boolean {
    return this.whoIs !== undefined;
  }

  /** How guards say who sends a message: by its own request. */
  recognition(request: object): Recognition | undefined {
    return this.whoIs && new MessageRecognition(request, this, this.whoIs);
  }

  /** The guards of what was asked have found who asks. */
  meet(caller: LiveCaller): void {
    this.met?.(this, caller);
  }

  requestWith(payload: unknown): object {
    return new MessageRequest(this, payload, this.who.user ?? undefined);
  }

  wholeRequest(body: unknown, user: unknown): object {
    this.sentRequest ??= requestClass(this.request);
    return new this.sentRequest(body, user);
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
    const { eventsPerSecond, eventBurst } = this.limits;
    const retryAfterMs =
      eventsPerSecond > 0 ? (this.bucket ??= new TokenBucket(eventsPerSecond, eventBurst)).take() : 0;
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
    const again = id !== undefined && this.joins.has(id);
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
    const running = (this.running ??= new Map());
    running.set(cancellation, key);
    return () => running.delete(cancellation);
  }

  /** @returns whether something of that name runs */
  cancel(key: string | undefined): boolean {
    const meant = [...(this.running ?? [])].filter(([, name]) => key !== undefined && name === key);
    meant.forEach(([cancellation]) => cancellation.cancel());
    return meant.length > 0;
  }

  /** Gives the instance a handle; a second join of it replaces the first. */
  hold(
    held: HeldInstance,
    kind: JoinKind,
    joiner: LiveCaller,
  ): { readonly joined: JoinedInstance; readonly replaced?: JoinedInstance } {
    const replaced = this.joins.get(held.id);
    if (replaced) {
      this.release(replaced);
    }
    const joined = new JoinedInstance({ handle: this.nextHandle++, held, kind }, this, joiner);
    this.joins.set(joined.handle, joined);
    this.joins.set(held.id, joined);
    return { joined, replaced };
  }

  release(joined: JoinedInstance): void {
    this.window.forget(joined);
    if (this.joins.delete(joined.handle)) {
      this.counts[joined.kind] -= 1;
    }
    if (this.joins.get(joined.held.id) === joined) {
      this.joins.delete(joined.held.id);
    }
  }

  /** @throws LiveError `INSTANCE_NOT_FOUND` for a closed handle, `BAD_FRAME` for one never given */
  handle(handle: number): JoinedInstance {
    const joined = this.joins.get(handle);
    if (joined) {
      return joined;
    }
    throw handle < this.nextHandle
      ? new LiveError('INSTANCE_NOT_FOUND', 'the handle is closed')
      : new LiveError('BAD_FRAME', 'the handle was never given');
  }

  /** What the client knows of an answer on this handle by what it was sent there before. */
  knownOf(handle: number, reply: Reply): Known | undefined {
    const joined = this.joins.get(handle);
    // Of another render than the newest nobody remembers it.
    return reply.ok && joined?.held.renders === reply.render ? joined.known : undefined;
  }

  find(id: string | undefined): JoinedInstance | undefined {
    return id === undefined ? undefined : this.joins.get(id);
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
    [...(this.running?.keys() ?? [])].forEach((cancellation) => cancellation.abandon());
  }

  get isClosed(): boolean {
    return this.closed;
  }

  get joined(): readonly JoinedInstance[] {
    return [...this.joins].flatMap(([name, joined]) => (typeof name === 'number' ? [joined] : []));
  }

  /** @returns whether the socket goes on and on over its rate: refusing it costs more than closing it */
  countRefused(): boolean {
    const { maxRefusedMessages: most } = this.limits;
    return most > 0 && (this.patience ??= new TokenBucket(most / 10, most)).take() > 0;
  }

  /** @returns whether the socket has sent too many messages that mean nothing */
  countUnknown(): boolean {
    this.unknownMessages += 1;
    return this.unknownMessages >= this.limits.maxUnknownMessages;
  }
}
