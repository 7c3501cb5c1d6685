import { MessageQueue, unpackMessage, type FeedEntry, type FeedListener } from 'nest-live/extend';

import type { PoisonLog } from './poison.log.js';

/** An entry of a stream: its id, and its number in the feed. */
export interface FeedItem {
  readonly id: string;
  readonly number: number;
}

export interface FollowerInit {
  readonly listener: FeedListener;
  readonly onGap?: () => void;
  readonly poison: PoisonLog;
}

const GAP = Symbol('gap');

/** Entries taken from Redis that wait for a slow listener; the others wait in the stream. */
const HIGH_WATER = 200;

/** Stream ids in the form that strings are compared in. */
export const offsetOf = (id: string): string => {
  const [time = '0', count = '0'] = id.split('-');
  return `${time.padStart(15, '0')}-${count.padStart(10, '0')}`;
};

/** One reader of a feed and its place in it. */
export class Follower {
  /** The last entry taken; unknown until the end of the feed was found. */
  position?: FeedItem;
  hasEnded = false;
  private readonly queue: MessageQueue;
  private readonly poison: PoisonLog;

  constructor(
    readonly feed: string,
    { listener, onGap, poison }: FollowerInit,
  ) {
    this.poison = poison;
    const deliver = (entry: unknown) => (entry === GAP ? onGap?.() : listener(entry as FeedEntry));
    // Never drops: who reads stops at the high-water mark.
    this.queue = new MessageQueue(feed, deliver, { maxWaiting: Infinity });
  }

  get isFull(): boolean {
    return this.queue.size >= HIGH_WATER;
  }

  beginAt(end: FeedItem): void {
    this.position = end;
  }

  end(): void {
    this.hasEnded = true;
    this.queue.end();
  }

  take(id: string, fields: readonly string[]): void {
    const { position } = this;
    if (!position || offsetOf(id) <= offsetOf(position.id)) {
      return;
    }
    const number = Number(valueOf(fields, 'n'));
    const read = unpackMessage(valueOf(fields, 'm') ?? '');
    if (!Number.isSafeInteger(number) || number < 1 || 'poison' in read) {
      this.position = { id, number: position.number };
      this.poison.ignored(this.feed, 'poison' in read ? read.poison : 'no number');
      return;
    }
    if (number !== position.number + 1) {
      this.queue.put(GAP, this.feed);
    }
    this.position = { id, number };
    this.queue.put({ offset: offsetOf(id), message: read.message }, this.feed);
  }

  /** The feed ends before our place: it is not the one we have read. What it has from here on is news. */
  compare(end: FeedItem): void {
    const { position } = this;
    if (!position || (offsetOf(end.id) >= offsetOf(position.id) && end.number >= position.number)) {
      return;
    }
    this.queue.put(GAP, this.feed);
    this.position = end;
  }
}

const valueOf = (fields: readonly string[], name: string): string | undefined => {
  const at = fields.findIndex((field, index) => index % 2 === 0 && field === name);
  return at < 0 ? undefined : fields[at + 1];
};
