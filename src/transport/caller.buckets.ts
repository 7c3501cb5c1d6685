import type { LiveCaller } from '../lifecycle/caller/caller.js';
import { TokenBucket } from './socket/token-bucket.js';

/** Beyond this many, buckets that are full again are forgotten: a full one remembers nothing. */
const SWEEP_AT = 1_000;

/** Who asks, over all connections and requests: the user, or for nobody the session of the cookie. */
export const principalKey = ({ id, sessionId, tenant = '' }: LiveCaller): string =>
  id === '' ? `s:${sessionId}` : `u:${tenant}:${id}`;

/** Who comes without a session is somebody else each time: the network it comes from is one, where it is known. */
export const rateKey = (caller: LiveCaller): string => {
  const { isNew, isAuthenticated, owner } = caller;
  const network = owner.isStranger && isNew && !isAuthenticated ? owner.address : undefined;
  return network === undefined ? principalKey(caller) : `n:${network}`;
};

/** One bucket per principal, in this process: asking a store for each event would cost more than most events do. */
export class CallerBuckets {
  private readonly byCaller = new WeakMap<LiveCaller, TokenBucket>();
  private readonly byKey = new Map<string, TokenBucket>();
  private sweepAt = SWEEP_AT;

  constructor(
    private readonly rate: number,
    private readonly burst: number,
    private readonly now?: () => number,
  ) {}

  /** @returns 0 when admitted, else the wait in milliseconds */
  take(caller: LiveCaller, count = 1): number {
    return this.rate > 0 ? (this.byCaller.get(caller) ?? this.of(caller)).take(count) : 0;
  }

  get size(): number {
    return this.byKey.size;
  }

  private of(caller: LiveCaller): TokenBucket {
    const key = rateKey(caller);
    let bucket = this.byKey.get(key);
    if (!bucket) {
      this.sweep();
      bucket = new TokenBucket(this.rate, this.burst, this.now);
      this.byKey.set(key, bucket);
    }
    this.byCaller.set(caller, bucket);
    return bucket;
  }

  private sweep(): void {
    if (this.byKey.size < this.sweepAt) {
      return;
    }
    for (const [key, bucket] of this.byKey) {
      if (bucket.isFull) {
        this.byKey.delete(key);
      }
    }
    this.sweepAt = Math.max(SWEEP_AT, this.byKey.size * 2);
  }
}
