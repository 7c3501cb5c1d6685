/** For whom something is kept. */
export interface Owner {
  /** The user, or the session of a caller without a login. */
  readonly name: string;
  /** Has no login: there can be as many of these as somebody likes to make. */
  readonly isStranger: boolean;
  /** Network of a stranger, where it is the stranger's own. */
  readonly address?: string;
}

/** Sums in bytes. */
export interface BudgetBounds {
  /** Of all strangers together. */
  readonly strangers: number;
  /** Of one stranger. */
  readonly stranger: number;
  /** Of all strangers of one network. */
  readonly address: number;
  /** Of one user. */
  readonly user: number;
  /** Most entries of all strangers. @default no bound */
  readonly entries?: number;
  /** What nobody has used for so long makes room where its sum has none, in milliseconds. */
  readonly idleMs: number;
}

/** What is kept under one id. */
export interface Kept {
  readonly owner: Owner;
  /** As it is estimated, with what keeping it costs. */
  readonly bytes: number;
  /** How long it is kept from now on, in milliseconds. */
  readonly lifeMs: number;
}

/** What is counted together: of one owner, or of all strangers of one network. */
interface Sum {
  readonly name: string;
  bytes: number;
  entries: number;
}

interface Entry {
  readonly owner: Owner;
  readonly own: Sum;
  readonly network?: Sum;
  bytes: number;
  usedAt: number;
  /** When it was put behind all others: at most a moment before it was used last. */
  placedAt: number;
  until: number;
}

/** What would come to a sum. */
interface Growth {
  readonly more: number;
  readonly count: 0 | 1;
}

/** What an entry of the budget itself costs. */
const ENTRY_BYTES = 200;
/** The oldest are looked at with each new entry, so that what is over goes away by and by. */
const LOOKED_AT = 8;
/** What was put behind all others a moment ago stays where it is: of what makes room by idleness, it is the smallest part. */
const MOMENT_MS = 1_000;
const MOMENTS_OF_IDLENESS = 60;

/**
 * How much is kept of one kind, for whom, and for how long; what is kept lies elsewhere. Whoever has no login has a sum of
 * its own and shares another with all others who have none: beyond it the newest stranger is refused, and nobody loses
 * what they have. A user has a sum of its own.
 */
export class Budget {
  /** Least recently used first. */
  private readonly entries = new Map<string, Entry>();
  private readonly sums = new Map<string, Sum>();
  private strangers = 0;
  private strangersEntries = 0;
  private users = 0;
  private refusals = 0;
  private readonly momentMs: number;

  private drop: (id: string) => void = () => undefined;

  constructor(
    readonly name: string,
    private readonly bounds: BudgetBounds,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.momentMs = Math.min(MOMENT_MS, bounds.idleMs / MOMENTS_OF_IDLENESS);
  }

  /** @param drop throws away what is kept under an id that has to make room; must not throw */
  onDrop(drop: (id: string) => void): void {
    this.drop = drop;
  }

  /** Bytes of strangers, and of users. */
  get bytes(): { readonly strangers: number; readonly users: number } {
    return { strangers: this.strangers, users: this.users };
  }

  get size(): number {
    return this.entries.size;
  }

  /** How often there was no room. */
  get refused(): number {
    return this.refusals;
  }

  has(id: string): boolean {
    return this.entries.has(id);
  }

  /** Counts it in the place of what was counted under this id before. @returns false where there is no room: nothing is changed */
  take(id: string, kept: Kept): boolean {
    const known = this.entries.get(id);
    if (known?.owner === kept.owner) {
      return this.resizeTo(id, known, kept);
    }
    if (!known) {
      this.forgetOver();
    }
    const growth = { more: kept.bytes + ENTRY_BYTES - (known?.bytes ?? 0), count: known ? 0 : 1 } as const;
    if (growth.more > 0 && !this.makeRoom(kept.owner, growth, id)) {
      this.refusals += 1;
      return false;
    }
    this.note(id, kept);
    return true;
  }

  /** Counts what is there already, whether or not there is room. */
  note(id: string, { owner, bytes, lifeMs }: Kept): void {
    const now = this.now();
    const known = this.entries.get(id);
    if (known?.owner === owner) {
      this.grow(known, bytes + ENTRY_BYTES);
      return this.use(id, known, now, now + lifeMs);
    }
    this.give(id);
    const own = this.sum(ownName(owner));
    const network = owner.isStranger && owner.address !== undefined ? this.sum(networkName(owner.address)) : undefined;
    const entry = { owner, own, network, bytes: 0, usedAt: now, placedAt: now, until: now + lifeMs };
    this.entries.set(id, entry);
    this.count(entry, 1);
    this.grow(entry, bytes + ENTRY_BYTES);
  }

  private resizeTo(id: string, entry: Entry, { bytes, lifeMs }: Pick<Kept, 'bytes' | 'lifeMs'>): boolean {
    const all = bytes + ENTRY_BYTES;
    const more = all - entry.bytes;
    if (more > 0 && !this.makeRoom(entry.owner, { more, count: 0 }, id, entry)) {
      this.refusals += 1;
      return false;
    }
    this.grow(entry, all);
    const now = this.now();
    this.use(id, entry, now, now + lifeMs);
    return true;
  }

  /** Behind all that were used before it. */
  private use(id: string, entry: Entry, now: number, until: number): void {
    entry.usedAt = now;
    entry.until = until;
    if (now - entry.placedAt < this.momentMs) return;
    entry.placedAt = now;
    this.entries.delete(id);
    this.entries.set(id, entry);
  }

  /** It is used, and lives on; so does what is used with it. */
  touch(id: string, lifeMs: number, also?: string): void {
    const now = this.now();
    this.touchAt(id, lifeMs, now);
    if (also !== undefined) {
      this.touchAt(also, lifeMs, now);
    }
  }

  private touchAt(id: string, lifeMs: number, now: number): void {
    const entry = this.entries.get(id);
    if (entry) {
      this.use(id, entry, now, Math.max(entry.until, now + lifeMs));
    }
  }

  /** Counts more or less of what is counted already, for its owner. @returns as `take`; true for an id that is not known */
  resize(id: string, bytes: number, lifeMs: number): boolean {
    const entry = this.entries.get(id);
    return entry === undefined || this.resizeTo(id, entry, { bytes, lifeMs });
  }

  /** It is kept no longer. */
  give(id: string): void {
    const entry = this.entries.get(id);
    if (entry) {
      this.entries.delete(id);
      this.grow(entry, 0);
      this.count(entry, -1);
    }
  }

  /** Whose sum would be too large, if any. */
  private tooMuch(owner: Owner, { more, count }: Growth, known?: Entry): 'own' | 'address' | 'all' | undefined {
    const { bounds } = this;
    const own = known?.own ?? this.sums.get(ownName(owner));
    if ((own?.bytes ?? 0) + more > (owner.isStranger ? bounds.stranger : bounds.user)) {
      return 'own';
    }
    if (!owner.isStranger) {
      return undefined;
    }
    if (owner.address !== undefined) {
      const network = known?.network ?? this.sums.get(networkName(owner.address));
      if ((network?.bytes ?? 0) + more > bounds.address) {
        return 'address';
      }
    }
    const { strangers, entries = Infinity } = bounds;
    return this.strangers + more > strangers || this.strangersEntries + count > entries ? 'all' : undefined;
  }

  /** Out of the sum that is too large, the longest unused first, and nothing that was used a moment ago. */
  private makeRoom(owner: Owner, growth: Growth, id: string, known?: Entry): boolean {
    let full = this.tooMuch(owner, growth, known);
    if (full === undefined) {
      return true;
    }
    const before = this.now() - this.bounds.idleMs;
    for (const [other, entry] of this.entries) {
      if (entry.placedAt > before) {
        break;
      }
      if (entry.usedAt <= before && other !== id && isIn(entry.owner, full, owner)) {
        this.give(other);
        this.drop(other);
        full = this.tooMuch(owner, growth, known);
        if (full === undefined) {
          break;
        }
      }
    }
    return full === undefined;
  }

  private forgetOver(): void {
    const now = this.now();
    let looked = 0;
    for (const [id, { until }] of this.entries) {
      if (until <= now) {
        this.give(id);
      } else if ((looked += 1) >= LOOKED_AT) {
        return;
      }
    }
  }

  private grow(entry: Entry, bytes: number): void {
    const more = bytes - entry.bytes;
    entry.bytes = bytes;
    entry.own.bytes += more;
    if (entry.network) {
      entry.network.bytes += more;
    }
    this[entry.owner.isStranger ? 'strangers' : 'users'] += more;
  }

  private count({ owner, own, network }: Entry, one: 1 | -1): void {
    this.strangersEntries += owner.isStranger ? one : 0;
    for (const sum of network ? [own, network] : [own]) {
      sum.entries += one;
      if (sum.entries === 0) {
        this.sums.delete(sum.name);
      }
    }
  }

  private sum(name: string): Sum {
    let sum = this.sums.get(name);
    if (!sum) {
      this.sums.set(name, (sum = { name, bytes: 0, entries: 0 }));
    }
    return sum;
  }
}

const ownName = ({ name, isStranger }: Owner): string => `${isStranger ? 's' : 'u'}:${name}`;

const networkName = (address: string): string => `a:${address}`;

const isIn = (
  other: Owner,
  sum: 'own' | 'address' | 'all' | undefined,
  { name, isStranger, address }: Owner,
): boolean =>
  other.isStranger === isStranger &&
  (sum === 'all' || (sum === 'own' ? other.name === name : other.address !== undefined && other.address === address));
