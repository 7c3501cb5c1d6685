import { randomBytes } from 'node:crypto';

import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';

import { ConnectionRouter } from '../connections/connection-router.js';
import { NodeIdentity } from '../connections/node-identity.js';
import { RouteClaims } from '../connections/route-claims.js';
import { LiveError } from '../errors/live-error.js';
import { EventBus, type Unsubscribe } from '../events/event-bus.js';
import { isRemoval, REMOVED_CHANNEL } from '../lifecycle/instance/shared-instances.js';
import { LIMITS, type Limits } from '../protocol/limits.js';
import { CallbackLine, type CallbackEntry, type LiveCallback, type LiveCallbackCall } from './callback.line.js';
import { callbackTopic, readCallbackMessage, type CallbackEvent } from './callback.message.js';

export type { LiveCallback, LiveCallbackCall } from './callback.line.js';

/** What became of an event: how many callbacks, on all nodes, it was handed to. */
export interface Delivery {
  readonly delivered: number;
}

export interface CallbackCounts {
  /** Calls that ended well. */
  readonly called: number;
  /** Calls that threw or took too long. */
  readonly failed: number;
}

/** Since the start of this node. */
export interface CallbackStats extends CallbackCounts {
  /** Callbacks that are registered on this node now. */
  readonly registered: number;
  /** Calls refused because too many waited for one instance. */
  readonly dropped: number;
  readonly events: Readonly<Record<string, CallbackCounts>>;
}

interface Registered {
  readonly line: CallbackLine;
  readonly byEvent: Map<string, Set<CallbackEntry>>;
}

const MAX_CALLBACKS = 10_000;
/** Event names with counts of their own. */
const MAX_NAMES = 1_000;
/** How long another node may take to say that it has the event, in milliseconds. */
const RECEIPT_MS = 2_000;

/**
 * Functions of the server that are told of an instance's events, whichever node the event is on. Only server code emits:
 * what a page sends reaches an `@OnEvent()` method and nothing else, and that method decides what to tell.
 */
@Injectable()
export class LiveCallbacks implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('Live');
  private readonly instances = new Map<string, Registered>();
  private readonly receipts = new Map<string, (delivered: number) => void>();
  private readonly counts = new Map<string, { called: number; failed: number }>();
  private registered = 0;
  private dropped = 0;
  private subscriptions: readonly Unsubscribe[] = [];

  constructor(
    private readonly bus: EventBus,
    private readonly router: ConnectionRouter,
    private readonly routes: RouteClaims,
    private readonly node: NodeIdentity,
    @Inject(LIMITS) private readonly limits: Limits,
  ) {}

  onModuleInit(): void {
    this.subscriptions = [
      this.bus.subscribe(callbackTopic(this.node.id), (message) => this.receive(message)),
      this.bus.subscribe(REMOVED_CHANNEL, (message) => {
        if (isRemoval(message)) {
          this.forget(message.id);
        }
      }),
    ];
  }

  onModuleDestroy(): void {
    this.subscriptions.forEach((unsubscribe) => unsubscribe());
    [...this.instances.keys()].forEach((instance) => this.forget(instance));
  }

  /**
   * Calls a function of this process for each event of this name, until the returned function is called or the
   * instance is removed. Calls for one instance come one after the other; one that throws or takes longer than
   * `limits.handlerTimeoutMs` is logged and counted.
   * @throws LiveError `TOO_MANY_SUBSCRIPTIONS` for more than 10,000 callbacks on this node
   */
  on<T = unknown>(instance: string, event: string, callback: LiveCallback<T>): () => void {
    if (this.registered >= MAX_CALLBACKS) {
      throw new LiveError('TOO_MANY_SUBSCRIPTIONS', `a node holds at most ${MAX_CALLBACKS} callbacks`);
    }
    const known = this.instances.get(instance) ?? this.add(instance);
    const callbacks = known.byEvent.get(event) ?? new Set();
    known.byEvent.set(event, callbacks);
    // An entry of its own: a function that is registered twice is called twice, and taken back once at a time.
    const entry = { callback: callback as LiveCallback, isOver: false };
    callbacks.add(entry);
    this.registered += 1;
    return () => this.take(instance, event, entry);
  }

  /**
   * Tells the callbacks of an instance, on whatever node they are. Resolves when they have been handed the event, not
   * when they are done with it: a callback may change the instance whose handler awaits this. Data travels as JSON.
   * @throws LiveError `STORE_UNAVAILABLE` when the other nodes cannot be asked for; callbacks here are told anyway
   */
  async emit(instance: string, event: string, data?: unknown): Promise<Delivery> {
    const here = this.hand({ instance, event, data });
    const holders = await this.router.holders({ kind: 'callback', id: instance });
    const others = holders.filter((node) => node !== this.node.id);
    const there = await Promise.all(others.map((node) => this.send(node, { instance, event, data })));
    return { delivered: there.reduce((sum, delivered) => sum + delivered, here) };
  }

  stats(): CallbackStats {
    const events = Object.fromEntries([...this.counts].map(([event, counts]) => [event, { ...counts }]));
    const sum = (of: keyof CallbackCounts): number =>
      [...this.counts.values()].reduce((total, counts) => total + counts[of], 0);
    return {
      registered: this.registered,
      called: sum('called'),
      failed: sum('failed'),
      dropped: this.dropped,
      events,
    };
  }

  private add(instance: string): Registered {
    const line = new CallbackLine(this.limits.handlerTimeoutMs, (call, failure) => this.ended(call, failure));
    const added: Registered = { line, byEvent: new Map() };
    this.instances.set(instance, added);
    this.routes.hold({ kind: 'callback', id: instance });
    return added;
  }

  private take(instance: string, event: string, entry: CallbackEntry): void {
    const known = this.instances.get(instance);
    const callbacks = known?.byEvent.get(event);
    if (!known || !callbacks?.delete(entry)) {
      return;
    }
    entry.isOver = true;
    this.registered -= 1;
    if (callbacks.size === 0) {
      known.byEvent.delete(event);
    }
    if (known.byEvent.size === 0) {
      this.forget(instance);
    }
  }

  private forget(instance: string): void {
    const known = this.instances.get(instance);
    if (!known) {
      return;
    }
    this.instances.delete(instance);
    for (const callbacks of known.byEvent.values()) {
      callbacks.forEach((entry) => (entry.isOver = true));
      this.registered -= callbacks.size;
    }
    this.routes.drop({ kind: 'callback', id: instance });
  }

  /** @returns how many callbacks of this node have it */
  private hand(call: LiveCallbackCall): number {
    const known = this.instances.get(call.instance);
    let delivered = 0;
    for (const entry of known?.byEvent.get(call.event) ?? []) {
      if (known!.line.put(entry, call)) {
        delivered += 1;
        continue;
      }
      this.dropped += 1;
      this.logger.warn(`callbacks of "${call.instance}" are too slow: "${call.event}" was dropped`);
    }
    return delivered;
  }

  private async send(node: string, call: LiveCallbackCall): Promise<number> {
    const ref = randomBytes(12).toString('base64url');
    const receipt = new Promise<number | undefined>((resolve) => {
      const timer = setTimeout(() => resolve(undefined), RECEIPT_MS).unref();
      this.receipts.set(ref, (delivered) => {
        clearTimeout(timer);
        resolve(delivered);
      });
    });
    try {
      await this.bus.publish(callbackTopic(node), { ref, from: this.node.id, ...call } satisfies CallbackEvent);
      const delivered = await receipt;
      if (delivered === undefined) {
        this.logger.warn(`node "${node}" did not say that it has "${call.event}" of "${call.instance}"`);
      }
      return delivered ?? 0;
    } finally {
      this.receipts.delete(ref);
    }
  }

  private async receive(message: unknown): Promise<void> {
    const said = readCallbackMessage(message);
    if (!said) {
      return;
    }
    if ('delivered' in said) {
      this.receipts.get(said.ref)?.(said.delivered);
      return;
    }
    const { ref, from, instance, event, data } = said;
    await this.bus.publish(callbackTopic(from), { ref, delivered: this.hand({ instance, event, data }) });
  }

  private ended({ instance, event }: LiveCallbackCall, failure?: { readonly error: unknown }): void {
    let counts = this.counts.get(event);
    if (!counts && this.counts.size < MAX_NAMES) {
      this.counts.set(event, (counts = { called: 0, failed: 0 }));
    }
    if (counts) {
      counts[failure ? 'failed' : 'called'] += 1;
    }
    if (failure) {
      const { error } = failure;
      const details = error instanceof Error ? error.stack : String(error);
      this.logger.error(`a callback of "${instance}" for "${event}" failed`, details);
    }
  }
}
