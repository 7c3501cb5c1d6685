import { randomBytes } from 'node:crypto';

import { LiveError, type ErrorReply, type LiveCaller, type OkReply, type Reply } from 'nest-live';
import {
  Cancellation,
  type Arrival,
  type Effects,
  type HeldInstance,
  type LifecycleRunner,
  type StateCodec,
  type StateStore,
} from 'nest-live/extend';

import { FrameQueue } from './frame-queue.js';

/** What a mounted component is driven with. */
export interface Workbench {
  readonly runner: LifecycleRunner;
  readonly store: StateStore;
  readonly codec: StateCodec;
  readonly caller: LiveCaller;
}

/** What a page shows of an event while it runs. */
export interface ShownFrame {
  readonly html: string;
  /** False: a preview. True: the last one, with the HTML after the answer. */
  readonly done: boolean;
}

/** A component on a page: send it events, look at what it shows and remembers. */
export class MountedComponent<T extends object> {
  /** @throws LiveError the refusal */
  static async mount<T extends object>(
    bench: Workbench,
    { name, props }: { readonly name: string; readonly props: Readonly<Record<string, unknown>> },
  ): Promise<MountedComponent<T>> {
    const arrival = { caller: bench.caller, transport: 'test', request: newRequest() } as const;
    const mounted = await bench.runner.run({ ...arrival, kind: 'mount', envelope: { component: name }, props });
    const { html = '', state = '', effects } = accepted(mounted.reply);
    const component = new MountedComponent<T>(bench, name, { html, effects });
    await component.join({ state, page: newPage() });
    return component;
  }

  /** The component's HTML after the newest answer. */
  html: string;
  /** Values of its `@State()` fields after the newest answer. */
  state = {} as Readonly<Partial<T>>;
  /** Effects of the newest answer. */
  effects: Effects;
  /** The newest refusal; undefined after an accepted event. */
  error?: ErrorReply['error'];

  private held!: HeldInstance;
  private ticket = '';
  private seq = 0;

  private constructor(
    private readonly bench: Workbench,
    private readonly name: string,
    { html, effects }: { readonly html: string; readonly effects: Effects },
  ) {
    this.html = html;
    this.effects = effects;
  }

  get id(): string {
    return this.held.id;
  }

  get version(): number {
    return this.held.version;
  }

  /**
   * Sends an event and waits for its answer. A refusal is in `error` and in the reply, not thrown: it is what a test
   * asks for as often as success.
   */
  emit(event: string, payload?: unknown): Promise<Reply> {
    return this.send({ event, payload });
  }

  /**
   * Sends an event and gives what its page shows: a frame for each preview, and the last one. To stop reading is to cancel
   * the event. When the loop is over, `html`, `state`, `effects` and `error` are those of the answer.
   */
  async *stream(event: string, payload?: unknown): AsyncGenerator<ShownFrame, Reply> {
    const frames = new FrameQueue<ShownFrame>();
    const cancellation = new Cancellation();
    const preview: Arrival['preview'] = ({ html }) => frames.push({ html, done: false });
    const answer = this.send({ event, payload }, { preview, cancellation }).finally(() => frames.close());
    try {
      yield* frames;
      await answer;
      yield { html: this.html, done: true };
    } finally {
      cancellation.cancel();
      await answer;
    }
    return answer;
  }

  /** Writes `@State({ bind: true })` fields, as `live-model` does. */
  fill(fields: Readonly<Record<string, unknown>>): Promise<Reply> {
    return this.send({ event: '$set', fields });
  }

  /** The same instance on a second page of the same caller, with numbers of its own. */
  async openInAnotherTab(): Promise<MountedComponent<T>> {
    const { html, effects } = this;
    const other = new MountedComponent<T>(this.bench, this.name, { html, effects });
    await other.join({ state: this.ticket, page: newPage() }, 'subscribe');
    return other;
  }

  /** Closes the page. */
  async leave(): Promise<Reply> {
    const { reply } = await this.run({ kind: 'leave', envelope: {}, held: this.held });
    return reply;
  }

  private async join(envelope: Arrival['envelope'], kind: 'join' | 'subscribe' = 'join'): Promise<void> {
    const { reply, held } = await this.run({ kind, envelope: { ...envelope, component: this.name } });
    const { html = this.html, state = '' } = accepted(reply);
    this.held = held as HeldInstance;
    this.ticket = state;
    this.html = html;
    await this.readState();
  }

  private async send(
    envelope: Arrival['envelope'],
    watching: Pick<Arrival, 'preview' | 'cancellation'> = {},
  ): Promise<Reply> {
    const seq = this.seq + 1;
    const { reply } = await this.run({ kind: 'event', envelope: { ...envelope, seq }, held: this.held, ...watching });
    this.error = reply.ok ? undefined : reply.error;
    if (reply.ok || reply.error.consumed === true) {
      this.seq = seq;
    }
    this.html = reply.html ?? this.html;
    if (reply.ok) {
      this.effects = reply.effects;
    }
    await this.readState();
    return reply;
  }

  private async readState(): Promise<void> {
    const stored = await this.bench.store.peek(this.held.id);
    this.state = (stored ? this.bench.codec.decode(stored.snapshot) : {}) as Readonly<Partial<T>>;
  }

  private run(
    arrival: Pick<Arrival, 'kind' | 'envelope' | 'held' | 'preview' | 'cancellation'>,
  ): ReturnType<LifecycleRunner['run']> {
    const { runner, caller } = this.bench;
    return runner.run({ ...arrival, caller, transport: 'test', request: newRequest() });
  }
}

const newPage = (): string => randomBytes(16).toString('base64url');

const newRequest = (): object => ({ headers: {} });

const accepted = (reply: Reply): OkReply => {
  if (reply.ok) {
    return reply;
  }
  throw new LiveError(reply.error.code, `refused: ${reply.error.code}`, { fields: reply.error.fields });
};
