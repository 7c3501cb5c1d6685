import { randomInt } from 'node:crypto';

import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';

import type { Kept } from '../../budgets/budget.js';
import { Budgets } from '../../budgets/budgets.js';
import { FeatureHost } from '../../lifecycle/plan/feature-host.js';
import type { Arrival } from '../../lifecycle/run/interaction.js';
import { ViewerRegistry, type HeldInstance, type Viewer } from '../../lifecycle/instance/viewer.js';
import { ShownRenders, type ShownRender } from '../../patch/shown-renders.js';
import { takenBy } from '../../patch/taken.js';
import type { RequestEnvelope } from '../../protocol/envelope.js';
import { LIMITS, type Limits } from '../../protocol/limits.js';

/** The browser client asks every 5 to 10 seconds; one of its polls may be lost, the next may be late. */
const LOOKS_FOR_MS = 30_000;
const SWEEP_MS = 5_000;
/** So long the request of the same caller says as well who looks as a newer one, and its place in the order stands. */
const FRESH_MS = 1_000;
/** Of users on one node; beyond, the one that asked longest ago is forgotten. */
const MAX_READERS = 10_000;
/** What one costs beside what its request has brought. */
const READER_BYTES = 4_096;
/** What any value in a body costs once it is read: `{}` is an object like any other. */
const VALUE_BYTES = 64;
/** Of what a node remembers of renders: whoever has a connection is not forgotten for those who have none. */
const SHARE_OF_RENDERS = 1 / 4;
/** From where the renders of a page are numbered: no node knows a number of another one's, nor of a connection's. */
const FIRST_RENDERS = [2 ** 20, 2 ** 40] as const;

const KEPT_MS = LOOKS_FOR_MS + FRESH_MS;

type Poll = Pick<Arrival, 'caller' | 'request' | 'recognition'>;

/** Of a framework's request, or Node's own. */
interface Brought {
  readonly rawHeaders?: readonly string[];
  readonly url?: string;
  readonly body?: unknown;
  readonly raw?: Brought;
}

/** A reader holds on to its request, and that to all that came with it. */
const bytesOf = (request: Brought): number => {
  const { url = '', rawHeaders = [] } = request.raw ?? request;
  const head = rawHeaders.reduce((sum, text) => sum + text.length, 2 * url.length);
  return READER_BYTES + head + weightOf(request.body);
};

const keptFor = ({ caller: { owner }, request }: Poll): Kept => ({ owner, bytes: bytesOf(request), lifeMs: KEPT_MS });

const weightOf = (body: unknown): number => {
  let bytes = 0;
  const left: unknown[] = [body];
  while (left.length > 0) {
    const value = left.pop();
    bytes += VALUE_BYTES;
    if (typeof value === 'string') bytes += 2 * value.length;
    if (typeof value !== 'object' || value === null) continue;
    if (ArrayBuffer.isView(value)) {
      bytes += value.byteLength;
      continue;
    }
    for (const [name, inside] of Object.entries(value)) {
      bytes += name.length;
      left.push(inside);
    }
  }
  return bytes;
};

/** Somebody who asks again and again instead of being told. */
class PollingReader implements Viewer {
  readonly asksItself = true;
  lookedAt = performance.now();
  private shown?: ShownRender;
  private takes?: number;
  private placedAt = this.lookedAt;

  constructor(
    public held: HeldInstance,
    public poll: Poll,
    private readonly gone: () => void,
  ) {}

  /** It looks again. @returns whether all that is known of it stands */
  looksAgain({ caller }: Poll): boolean {
    this.lookedAt = performance.now();
    const isFresh = caller === this.poll.caller && this.lookedAt - this.placedAt < FRESH_MS;
    if (!isFresh) {
      this.placedAt = this.lookedAt;
    }
    return isFresh;
  }

  get caller(): Poll['caller'] {
    return this.poll.caller;
  }

  get request(): object {
    return this.poll.request;
  }

  get recognition(): Poll['recognition'] {
    return this.poll.recognition;
  }

  /** It asks again, and says what it shows: what that is to be compared with is what it was sent last from here. */
  follow(held: HeldInstance, envelope: RequestEnvelope, renders: ShownRenders): void {
    const { held: before } = this;
    const { render, at, takes } = envelope;
    this.held = held;
    if (render === undefined) return;
    // The compact form leaves it to what was said before, here or, with the next poll, now.
    if (!this.shown || (takes !== undefined && takes !== this.takes)) {
      this.shown?.forget();
      this.shown = renders.make({ bytes: 0 }, takenBy(envelope));
      this.takes = takes;
    }
    held.shown = this.shown;
    const isSentFromHere = render >= FIRST_RENDERS[0] && render === before.renders;
    if (isSentFromHere && at?.e === before.epoch && at.v === before.version) {
      held.renders = render;
      held.print = before.print;
    } else {
      held.renders = randomInt(...FIRST_RENDERS);
      this.shown.forget();
    }
  }

  /** It is not looked for any more. */
  forget(): void {
    this.shown?.forget();
  }

  /** Never rendered for: it reads the newest state with its next poll. */
  postpone(): boolean {
    return true;
  }

  /** An effect alone: nobody is there to take it. */
  update(): void {}

  refuse(): void {
    this.gone();
  }
}

/**
 * Pages that use HTTP count as viewers for a while: without a socket they see by their next poll what was done
 * to their instance, and without a viewer a message to a topic would not be applied to it.
 */
@Injectable()
export class PollingReaders implements OnModuleInit, OnModuleDestroy {
  /** Whoever asked longest ago comes first. */
  private readonly readers = new Map<string, PollingReader>();
  private readonly renders: ShownRenders;
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly viewers: ViewerRegistry,
    private readonly features: FeatureHost,
    private readonly budgets: Budgets,
    @Inject(LIMITS) { maxShownBytes, maxConnectionShownBytes }: Limits,
  ) {
    this.renders = new ShownRenders({ maxShownBytes: maxShownBytes * SHARE_OF_RENDERS, maxConnectionShownBytes });
  }

  get size(): number {
    return this.readers.size;
  }

  /** Bytes that are remembered of what pages show. */
  get shownBytes(): number {
    return this.renders.bytes;
  }

  onModuleInit(): void {
    this.timer = setInterval(() => this.forgetOld(), SWEEP_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
    for (const key of this.readers.keys()) {
      this.forget(key);
    }
  }

  /**
   * What an event or a join over HTTP gives the runner to hold on to: nothing a client could address. Whoever has no page
   * life runs no script that would ask again.
   */
  holding({ envelope, request, recognition }: Pick<Arrival, 'envelope' | 'request' | 'recognition'>): Arrival['hold'] {
    const { page, version } = envelope;
    // The compact form names no page: a client session has the name of the page that has adopted it.
    if (page === undefined && version === undefined) {
      return undefined;
    }
    return (held, { caller }) => {
      const reader = this.hold(`${held.id}\n${page ?? held.cs}`, held, { caller, request, recognition });
      reader?.follow(held, envelope, this.renders);
      return undefined;
    };
  }

  /** @param olderThanMs since it was last heard of */
  forgetOld(olderThanMs = LOOKS_FOR_MS): void {
    const limit = performance.now() - olderThanMs;
    for (const [key, { lookedAt }] of this.readers) {
      if (lookedAt > limit) {
        return;
      }
      this.forget(key);
    }
  }

  private hold(key: string, held: HeldInstance, poll: Poll): PollingReader | undefined {
    const known = this.readers.get(key);
    if (known) {
      if (!known.looksAgain(poll)) {
        this.renew(key, known, poll);
      }
      return known;
    }
    const { owner } = poll.caller;
    const kept = keptFor(poll);
    const isFull = this.readers.size >= MAX_READERS;
    if ((isFull && owner.isStranger) || !this.budgets.readers.take(key, kept)) {
      // It sees what is new by its next poll, as everybody who asks for the first time.
      return;
    }
    const [oldest] = this.readers.keys();
    if (isFull && oldest !== undefined) {
      this.forget(oldest);
    }
    const reader = new PollingReader(held, poll, () => this.forget(key));
    this.readers.set(key, reader);
    this.viewers.add(reader);
    this.features.onJoin(reader);
    return reader;
  }

  private renew(key: string, reader: PollingReader, poll: Poll): void {
    // Where there is no room for what has come now, what came before says as well who looks.
    if (this.budgets.readers.take(key, keptFor(poll))) reader.poll = poll;
    this.readers.delete(key);
    this.readers.set(key, reader);
    this.budgets.readers.touch(key, KEPT_MS);
  }

  private forget(key: string): void {
    const reader = this.readers.get(key);
    if (!reader) {
      return;
    }
    this.readers.delete(key);
    reader.forget();
    this.budgets.readers.give(key);
    this.viewers.remove(reader);
    this.features.onLeave(reader);
  }
}
