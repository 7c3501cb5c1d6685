import { randomBytes } from 'node:crypto';

import type { ComponentDefinition } from '../../component/definition.js';
import { LiveError } from '../../errors/live-error.js';
import type { Limits } from '../../protocol/limits.js';
import { after, type Soon } from '../../protocol/soon.js';
import type { AdoptOutcome, CommitOutcome, JoinOutcome, OpenOutcome, StateStore } from '../../state/state-store.js';
import type { LiveCaller } from '../caller/caller.js';
import type { Asking, Opened } from './state-holder.js';
import type { Seal } from './seal.js';
import { askStore, storeRefusal } from './store-call.js';
import {
  REGISTER,
  StateHolder,
  isAdopted,
  type Mounting,
  type Found,
  type Presented,
  type Saving,
  type StateBounds,
  type TokenPosition,
} from './state-holder.js';

type FindOutcome = OpenOutcome | JoinOutcome | AdoptOutcome;

/** The store keeps the state; a token only names the instance. */
export class ServerStateHolder extends StateHolder {
  readonly isJoinable = true;
  readonly meetsStates = true;
  readonly bounds: StateBounds;

  constructor(
    private readonly store: StateStore,
    private readonly seal: Seal,
    private readonly limits: Limits,
  ) {
    super();
    this.bounds = { warnBytes: limits.warnStateBytes, maxBytes: limits.maxStateBytes };
  }

  find(presented: Presented): Soon<Found> {
    return after(
      askStore(() => this.ask(presented)),
      (outcome) => found(outcome, presented.definition),
    );
  }

  async mount(
    { id, sealed, definition: { shape } }: Opened,
    snapshot: string,
    { wish, caller: { owner } }: Mounting,
  ): Promise<string | undefined> {
    const fits = Buffer.byteLength(snapshot) + sealed.length <= this.limits.maxSealedBytes;
    if (wish === 'unstored' || (wish === 'carried' && fits)) {
      return snapshot;
    }
    const birth = randomBytes(16).toString('base64url');
    await askStore(() => this.store.create({ id, snapshot, birth, shape, owner }));
    return undefined;
  }

  save({ id, epoch, version, cs }: Opened, { change, seq, reply, once }: Saving): Soon<CommitOutcome> {
    const session = seq === undefined ? undefined : { cs, seq };
    return askStore(() => this.store.commit({ id, epoch, version, session, change, reply, once }));
  }

  token(opened: Opened, caller: LiveCaller, { epoch, version }: TokenPosition): string {
    return this.seal.state(opened, caller, { epoch, version });
  }

  canHold(): boolean {
    return true;
  }

  async leave({ id, cs, sealed }: Opened): Promise<boolean> {
    // What stands in a template lives as long as its owner shows it: on its way to another place it is in no page.
    if (this.seal.decode(sealed).owner?.id) {
      return false;
    }
    const { gone } = await askStore(() => this.store.leave({ id, cs }));
    return gone;
  }

  /** Adopted by its first page, opened by its holder, joined under a new client session. */
  private ask({ arrival, token }: Presented): Soon<FindOutcome> {
    const { kind, envelope, joins, caller } = arrival;
    const { owner } = caller;
    const { i: id, cs, e, v, pur } = token;
    const at = envelope.at ?? (e !== undefined && v !== undefined ? { e, v } : undefined);
    if (isAdopted(token, envelope) && kind !== 'subscribe') {
      return this.adopted(id, this.page(arrival, id), arrival);
    }
    if (kind === 'subscribe' || (kind === 'join' && (envelope.fresh || pur === 'sub'))) {
      const drop = kind === 'join' ? cs : undefined;
      const ownedBy = pur === 'mount' ? this.page(arrival, id) : undefined;
      return this.store.join({ id, cs: this.seal.newId(), at: envelope.at, drop, page: ownedBy, owner });
    }
    if (kind === 'leave' && pur === 'mount') {
      return this.store.open({ id, cs: this.page(arrival, id), owner });
    }
    if (pur === 'mount') {
      const { exp, st: snapshot = '', g: tokenGeneration = '', sh: shape } = token;
      const page = this.page(arrival, id);
      return this.store.adopt({ id, page, exp, snapshot, birth: this.seal.newId(), tokenGeneration, shape, owner });
    }
    if (pur === 'sub' || cs === undefined) {
      return joins
        ? this.store.join({ id, cs: this.page(arrival, id), at: envelope.at, owner })
        : this.unjoined(id, arrival);
    }
    return this.store.open({ id, cs, at, owner });
  }

  /** Only where it is asked for: a name that nobody can guess is dear, and a client session has one. */
  private page(arrival: Asking, id: string): string {
    return arrival.envelope.page ?? (isBare(arrival) ? id : this.seal.newId());
  }

  /** By the mount token of the page that has adopted it: judged as by the state token that its first join would have brought. */
  private adopted(id: string, page: string, { kind, envelope, caller: { owner } }: Asking): Soon<FindOutcome> {
    const { keeps: e = '', at = { e, v: 0 }, fresh } = envelope;
    if (kind !== 'join' || !fresh) {
      return this.store.open({ id, cs: page, at, owner });
    }
    const join = { id, cs: this.seal.newId(), at: envelope.at, drop: page, owner };
    // Without a position, that is after a loss of which the page was told, only the instance itself has to be the one.
    return after(envelope.at ? null : this.store.peek(id), (stored) =>
      stored && historyOf(stored.epoch) !== historyOf(e) ? { kind: 'GONE' as const } : this.store.join(join),
    );
  }

  /**
   * An event of somebody who has not joined. One without a number is protected against nothing anyway, and a form needs
   * an answer. One with a number waits until its page has joined: without a client session it could not be known again.
   */
  private unjoined(id: string, { kind, envelope: { seq, at }, caller: { owner } }: Asking) {
    if (kind !== 'event') {
      throw new LiveError('CLIENT_SESSION_EXPIRED', 'a subscription token names no client session');
    }
    if (seq !== undefined) {
      throw new LiveError('STATE_STALE', 'a subscription token was used for an event: join first');
    }
    return this.store.join({ id, cs: this.seal.newId(), at, owner });
  }
}

/**
 * An event of a page without our client, which has no numbers and no life of its own. All that show one mount are one page:
 * a browser shows an old one again, and what is clicked there is meant.
 */
const isBare = ({ kind, envelope: { page, seq } }: Asking): boolean =>
  kind === 'event' && page === undefined && seq === undefined;

/** An epoch without what it says of the store: a store that has lost something goes on with the same history. */
const historyOf = (epoch: string): string => epoch.slice(0, epoch.lastIndexOf('.'));

const found = (outcome: FindOutcome, { name }: ComponentDefinition): Found => {
  if (outcome.kind !== 'OK') {
    throw storeRefusal(outcome.kind);
  }
  if (outcome.snapshot === REGISTER) {
    throw new LiveError('STATE_OUTDATED', `the state of "${name}" was held by its page`);
  }
  return outcome;
};
