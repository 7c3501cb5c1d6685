/** What is kept of an instance that the server made for many pages, beside the instance itself. */
export interface WidgetRecord {
  /** Id of the instance. */
  readonly id: string;
  /** Birth of the instance it describes: an instance of this id with another birth is none of it. */
  readonly birth: string;
  readonly component: string;
  /** Encoded props and slots. */
  readonly sealed: string;
  /** Whose callers may see it; absent for everybody. */
  readonly tenant?: string;
  readonly tags: readonly string[];
  /** How long it is kept after it was last used, in milliseconds. */
  readonly ttlMs: number;
  /** When it was made, in milliseconds since the epoch. */
  readonly made: number;
  /** It is over then, in milliseconds since the epoch: moved on by each use, never past `end`. */
  readonly until: number;
  /** It is over then, however much it is used, in milliseconds since the epoch. */
  readonly end?: number;
}

export interface WidgetStoreOptions {
  /** Widgets at one time. @default 10_000 */
  readonly maxWidgets?: number;
  readonly now?: () => number;
}

/** `TAKEN`: another record is there, and it is not the one to be replaced. */
export type ClaimOutcome = { readonly kind: 'OK' | 'FULL' } | { readonly kind: 'TAKEN'; readonly record: WidgetRecord };

/** The end of a use at `now`: what `touch` moves `until` to. */
export const lifeOf = ({ ttlMs, end = Infinity }: Pick<WidgetRecord, 'ttlMs' | 'end'>, now: number): number =>
  Math.min(now + ttlMs, end);

/**
 * Which instances the server has made for many pages. A record whose time is over is never reported by any function
 * but `takeExpired`. Whether the instance is there too is the state store's to say.
 */
export abstract class WidgetStore {
  /** Puts a record where there is none, or in place of the record whose birth is `over`. One atomic step. */
  abstract claim(record: WidgetRecord, over?: string): Promise<ClaimOutcome>;

  abstract get(id: string): Promise<WidgetRecord | null>;

  /** All of them, oldest first. */
  abstract list(): Promise<readonly WidgetRecord[]>;

  /**
   * Notes a use: the record is kept for its `ttlMs` from now. Never brings back one that is over.
   * @returns the new end of its time; `null` for a record that is not there
   */
  abstract touch(id: string, birth: string): Promise<number | null>;

  /** @returns whether this very call deleted it; a record of another birth stays */
  abstract delete(id: string, birth: string): Promise<boolean>;

  /** Takes out records whose time is over, each for one caller only. */
  abstract takeExpired(most: number): Promise<readonly WidgetRecord[]>;

  abstract close(): Promise<void>;
}
