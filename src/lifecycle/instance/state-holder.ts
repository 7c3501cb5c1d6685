import type { ComponentDefinition } from '../../component/definition.js';
import type { Soon } from '../../protocol/soon.js';
import type { CommitOutcome, Opened as OpenedState, StateChange } from '../../state/state-store.js';
import type { TokenPayload } from '../../state/token-sealer.js';
import type { LiveCaller } from '../caller/caller.js';
import type { Arrival, Opened } from '../run/interaction.js';

/** Stands in the store in place of a state that its page holds. */
export const REGISTER = '-';

/** The number an event carries: the client's own, or the next one for a client that keeps none. */
export type Sequence = number | 'next';

/** A request and the token that came with it. */
export interface Presented {
  readonly arrival: Arrival;
  readonly definition: ComponentDefinition;
  readonly token: TokenPayload;
}

/** What was found. `isStale`: the token shows an older state than this. */
export type Found = OpenedState & { readonly isStale?: boolean };

/** What an interaction wants to be saved. */
export interface Saving {
  /** Absent: the number is used up and nothing else moves. */
  readonly change?: StateChange;
  /** Absent: a change the server makes by itself. */
  readonly seq?: Sequence;
  /** Kept for duplicates of this number. */
  readonly reply: string;
  /** As in `CommitRequest`: what caused a change the server makes by itself. */
  readonly once?: string;
}

/** What a token shall say: the position, and the state of that position. */
export interface TokenPosition extends StateChange {
  readonly epoch: string;
  readonly version: number;
}

/** Sizes of a snapshot, in bytes; 0 is no bound. */
export interface StateBounds {
  readonly warnBytes: number;
  readonly maxBytes: number;
}

/**
 * Where a new state stands until its page comes back: in the page's token as far as it fits (`carried`), in the store
 * because the server has to find it before (`stored`), or in the token whatever its size (`unstored`).
 */
export type MountWish = 'carried' | 'stored' | 'unstored';

/** For whom a new state is, and where it is wanted. One that stores nothing cannot grant `stored`. */
export interface Mounting {
  readonly wish: MountWish;
  readonly caller: LiveCaller;
}

/** Who keeps the state between two interactions. Everything that differs by it is here; no stage asks who it is. */
export abstract class StateHolder {
  /** Whether connections hold instances: compact events, pushes, other viewers. */
  abstract readonly isJoinable: boolean;
  abstract readonly bounds: StateBounds;

  /** @throws LiveError for every outcome but OK */
  abstract find(presented: Presented): Soon<Found>;

  /** @returns what the mount token carries; undefined when it was stored */
  abstract mount(opened: Opened, snapshot: string, mounting: Mounting): Soon<string | undefined>;

  abstract save(opened: Opened, saving: Saving): Soon<CommitOutcome>;

  abstract token(opened: Opened, caller: LiveCaller, at: TokenPosition): string;

  /** Whether a token can be made of this state. */
  abstract canHold(opened: Opened, snapshot: string): boolean;

  /** @returns whether this call ended the instance */
  abstract leave(opened: Opened): Soon<boolean>;
}
