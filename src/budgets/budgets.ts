import { getHeapStatistics } from 'node:v8';

import type { Limits } from '../protocol/limits.js';
import { Budget, type BudgetBounds } from './budget.js';

/** Of the heap, or of a store that says how large it is, strangers get this part. */
const PART_OF_ROOM = 4;
/** One network counts as so many strangers. */
const STRANGERS_OF_ADDRESS = 4;
/** Of what all strangers may have, one may have this part at most. */
const PART_OF_STRANGERS = 4;

const MINUTE_MS = 60_000;

/** How each kind shares in what a caller may have kept, in sixteenths, and after which time without use it makes room. */
const KINDS = {
  /** States of instances, and the answers that are kept with them. */
  instances: { share: 7, idleMs: 10 * MINUTE_MS },
  /** Which mount tokens were used: what is forgotten could be used again. */
  tombstones: { share: 2, idleMs: Infinity },
  /** What `@Session()` and `persist: true` keep. */
  sessions: { share: 3, idleMs: 30 * MINUTE_MS },
  /** Renders that may be shown again. */
  renders: { share: 2, idleMs: 0 },
  /** Pages that ask again and again instead of keeping a connection. */
  readers: { share: 1, idleMs: Infinity },
  /** What a form without script has left for its next page. */
  forms: { share: 1, idleMs: 2 * MINUTE_MS },
} as const satisfies Readonly<Record<string, { readonly share: number; readonly idleMs: number }>>;

export type BudgetKind = keyof typeof KINDS;

export interface BudgetsOptions extends Pick<Limits, 'maxStrangerBytes' | 'maxBytesPerStranger' | 'maxBytesPerUser'> {
  /** How much the store holds in all, in bytes. @default what this process may have on its heap */
  readonly roomBytes?: number;
  /** Most instances of strangers. @default no bound */
  readonly maxInstances?: number;
  /** Nodes that put into the same store. */
  readonly nodes: number;
}

/** What callers have kept, by kind: a flood of one kind takes no room from another. */
export class Budgets {
  readonly instances: Budget;
  readonly tombstones: Budget;
  readonly sessions: Budget;
  readonly renders: Budget;
  /** Held in this process, whatever the store is. */
  readonly readers: Budget;
  readonly forms: Budget;

  constructor(options: BudgetsOptions) {
    const sums = sumsOf(options);
    const { maxInstances = Infinity } = options;
    const make = (kind: BudgetKind): Budget => new Budget(kind, boundsOf(kind, sums));
    // One entry is the instance, one its page's client session.
    this.instances = new Budget('instances', { ...boundsOf('instances', sums), entries: 2 * maxInstances });
    this.tombstones = make('tombstones');
    this.sessions = make('sessions');
    this.renders = make('renders');
    this.forms = make('forms');
    this.readers = new Budget('readers', boundsOf('readers', sumsOf({ ...options, roomBytes: undefined, nodes: 1 })));
  }

  get all(): readonly Budget[] {
    return [this.instances, this.tombstones, this.sessions, this.renders, this.readers, this.forms];
  }
}

type Sums = Omit<BudgetBounds, 'idleMs'>;

/** 0 in an option turns its bound off. */
const sumsOf = ({
  maxStrangerBytes,
  maxBytesPerStranger,
  maxBytesPerUser,
  roomBytes = getHeapStatistics().heap_size_limit,
  nodes,
}: BudgetsOptions): Sums => {
  const strangers = maxStrangerBytes === 0 ? Infinity : Math.min(maxStrangerBytes, roomBytes / PART_OF_ROOM) / nodes;
  const stranger = maxBytesPerStranger === 0 ? Infinity : Math.min(maxBytesPerStranger, strangers / PART_OF_STRANGERS);
  const user = maxBytesPerUser === 0 ? Infinity : maxBytesPerUser;
  return { strangers, stranger, user, address: stranger * STRANGERS_OF_ADDRESS };
};

const boundsOf = (kind: BudgetKind, { strangers, stranger, address, user }: Sums): BudgetBounds => {
  const { share, idleMs } = KINDS[kind];
  const part = (sum: number): number => (sum * share) / 16;
  return {
    strangers: part(strangers),
    stranger: part(stranger),
    address: part(address),
    user: part(user),
    idleMs,
  };
};
