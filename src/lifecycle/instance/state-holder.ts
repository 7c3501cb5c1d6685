import type { ComponentDefinition } from '../../component/definition.js';
import type { RequestEnvelope } from '../../protocol/envelope.js';
import type { Soon } from '../../protocol/soon.js';
import type { CommitOutcome, Opened as OpenedState, StateChange } from '../../state/state-store.js';
import type { TokenPayload } from '../../state/token-sealer.js';
import type { LiveCaller } from '../caller/caller.js';

/** Stands in the store in place of a state that its page holds. */
export const REGISTER = '-';

/** The number an event carries: the client's own, or the next one for a client that keeps none. */
export type Sequence = number | 'next';

/** What is asked of an instance, and by whom. */
export interface Asking {
  /**
   * `subscribe` is a join that leaves the token holder's own client session alone; without a token it names a shared
   * instance by its id. `view` shows a shared instance in a page and joins nothing. `resume` shows in a page what an event of
   * an earlier one has left, as a new instance that goes on from there.
   */
  readonly kind: 'mount' | 'view' | 'resume' | 'join' | 'subscribe' | 'event' | 'leave';
  readonly envelope: RequestEnvelope;
  /** As of what is known; where guards decide who it is, the runner asks them first. */
  readonly caller: LiveCaller;
  /** An event of a page that cannot join: what many pages share is joined with it, under the page's own life. */
  readonly joins?: true;
}

/** A request and the token that came with it. */
export interface Presented {
  readonly arrival: Asking;
  readonly definition: ComponentDefinition;
  readonly token: TokenPayload;
}

/** Whoever names the epoch of what it was shown has adopted its mount: the mount token names it as a state token does. */
export const isAdopted = ({ pur }: TokenPayload, { keeps = '' }: RequestEnvelope): boolean =>
  pur === 'mount' && keeps !== '';

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

/** By when a token has to be replaced by a newer one. */
export interface Renewal {
  /** Name of the key it is sealed with. */
  readonly kid: string;
  /** In milliseconds since the epoch. */
  readonly by: number;
}

/** An instance as the open stage found it (or, at mount, as it will be). */
export interface Opened {
  readonly definition: ComponentDefinition;
  readonly id: string;
  /** Encoded props and slots: sealed into every token. */
  readonly sealed: string;
  /** When `sealed` was first sealed, for what was mounted by its ticket. @default with the next token */
  readonly since?: number;
  /** Null at mount: there is no state yet. */
  readonly snapshot: string | null;
  /** Shape of the snapshot. */
  readonly shape: number;
  readonly holder: StateHolder;
  readonly epoch: string;
  readonly version: number;
  readonly cs: string;
  /** Last consumed sequence number of the client session. */
  readonly last: number;
  /** Fingerprint of the render the page already shows, if the token names one. */
  readonly fingerprint?: string;
  /** The token shows an older state than this: only a repeated number may be answered. */
  readonly isStale?: boolean;
  /** By when the token that was presented has to be replaced, where it is good for more than one event. */
  readonly renewal?: Renewal;
}

/** Who keeps the state between two interactions. Everything that differs by it is here; no stage asks who it is. */
export abstract class StateHolder {
  /** Whether connections hold instances: compact events, pushes, other viewers. */
  abstract readonly isJoinable: boolean;
  /** Whether a commit that meets another change finds the state it has left, and not what stands for one. */
  abstract readonly meetsStates: boolean;
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
