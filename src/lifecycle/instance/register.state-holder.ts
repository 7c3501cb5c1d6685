import { LiveError } from '../../errors/live-error.js';
import type { Limits } from '../../protocol/limits.js';
import type { Soon } from '../../protocol/soon.js';
import type {
  AdoptOutcome,
  CommitOutcome,
  JoinOutcome,
  Opened as OpenedState,
  OpenOutcome,
  StateStore,
} from '../../state/state-store.js';
import type { TokenPayload } from '../../state/token-sealer.js';
import type { LiveCaller } from '../caller/caller.js';
import type { Opened } from './state-holder.js';
import { recall, rememberHeld, type HeldState } from '../context/reply-memory.js';
import type { Seal } from './seal.js';
import { askStore, storeRefusal } from './store-call.js';
import {
  REGISTER,
  StateHolder,
  type Found,
  type Presented,
  type Saving,
  type StateBounds,
  type TokenPosition,
} from './state-holder.js';

type FindOutcome = OpenOutcome | JoinOutcome | AdoptOutcome;

/** Client sessions go on one by one: only the newest reply can be asked for, and it brings the state along. */
const REPLIES_KEPT = 1;

/**
 * The page keeps the state; the store keeps a register of which version is the newest, so that each token is used
 * once. The newest reply holds the newest state: an answer that was lost can be given again.
 */
export class RegisterStateHolder extends StateHolder {
  readonly isJoinable = false;
  readonly meetsStates = false;
  readonly bounds: StateBounds;

  constructor(
    private readonly store: StateStore,
    private readonly seal: Seal,
    { maxClientStateBytes }: Limits,
  ) {
    super();
    this.bounds = { warnBytes: 0, maxBytes: maxClientStateBytes };
  }

  async find(presented: Presented): Promise<Found> {
    const { token, arrival, definition } = presented;
    const { i: id, pur, st: snapshot, sh: shape, v = 0 } = token;
    const isFresh = arrival.kind === 'join' && arrival.envelope.fresh === true;
    // Asked before the join ends the client session that remembers it.
    const kept = isFresh ? await this.ofSession(token) : undefined;
    const outcome = await askStore(() => this.ask(presented));
    if (outcome.kind !== 'OK') {
      throw storeRefusal(outcome.kind);
    }
    if (snapshot === undefined || outcome.snapshot !== REGISTER) {
      throw new LiveError('STATE_OUTDATED', `the state of "${definition.name}" was held by the server`);
    }
    if (arrival.kind === 'join' && pur === 'state') {
      await this.prolong(id, outcome);
    }
    if (v === outcome.version) {
      return { ...outcome, snapshot, shape };
    }
    const newest = kept?.version === outcome.version ? kept : await this.newest(id, outcome);
    if (!newest) {
      throw new LiveError('INSTANCE_NOT_FOUND', 'the newest token was lost, and its state is no longer remembered');
    }
    return { ...outcome, ...newest, isStale: true };
  }

  mount(_opened: Opened, snapshot: string): string {
    return snapshot;
  }

  save({ id, epoch, version, cs, snapshot, shape }: Opened, { change, seq, reply }: Saving): Soon<CommitOutcome> {
    const session = seq === undefined ? undefined : { cs, seq };
    const held = change ?? { snapshot: snapshot ?? '', shape };
    return askStore(() =>
      this.store.commit({
        id,
        epoch,
        version,
        session,
        change: change && { ...change, snapshot: REGISTER },
        reply: rememberHeld(reply, { ...held, version: change ? version + 1 : version }),
        window: REPLIES_KEPT,
        until: this.seal.endOfState,
      }),
    );
  }

  token(opened: Opened, caller: LiveCaller, { epoch, version, snapshot, shape }: TokenPosition): string {
    return this.seal.state(opened, caller, { epoch, version, held: { snapshot, shape } });
  }

  canHold(opened: Opened, snapshot: string): boolean {
    return this.seal.canCarry(opened, snapshot);
  }

  async leave({ id, cs }: Opened): Promise<boolean> {
    const { gone } = await askStore(() => this.store.leave({ id, cs }));
    return gone;
  }

  private ask({ arrival, token }: Presented): Soon<FindOutcome> {
    const { kind, envelope, caller } = arrival;
    const { owner } = caller;
    const { i: id, cs, e, v, pur } = token;
    const page = envelope.page ?? this.seal.newId();
    // The token, not what the page shows, is what the register has to agree with.
    const at = e !== undefined && v !== undefined ? { e, v } : undefined;
    if (kind === 'subscribe' || pur === 'sub') {
      throw new LiveError('BAD_FRAME', 'a state that its page holds cannot be subscribed to');
    }
    if (kind === 'join' && envelope.fresh) {
      const ownedBy = pur === 'mount' ? page : undefined;
      return this.store.join({ id, cs: this.seal.newId(), drop: cs, page: ownedBy, owner });
    }
    if (pur === 'state') {
      return this.store.open({ id, cs: cs ?? '', at, owner });
    }
    if (kind === 'leave') {
      return this.store.open({ id, cs: page, owner });
    }
    const { exp, g: tokenGeneration = '', sh: shape } = token;
    const until = this.seal.endOfState;
    const birth = this.seal.newId();
    return this.store.adopt({ id, page, exp, snapshot: REGISTER, birth, tokenGeneration, shape, until, owner });
  }

  /** A join brings a new token, which the register has to outlive. */
  private async prolong(id: string, { epoch, version }: OpenedState): Promise<void> {
    await askStore(() => this.store.commit({ id, epoch, version, reply: '', until: this.seal.endOfState }));
  }

  /** The newest state that this very client session remembers. */
  private async ofSession({ i: id, cs }: TokenPayload): Promise<HeldState | undefined> {
    const outcome = cs === undefined ? undefined : await askStore(() => this.store.open({ id, cs }));
    return outcome?.kind === 'OK' ? this.newest(id, outcome) : undefined;
  }

  /** The newest state, out of the newest reply; the number is the client session's own, so that nothing is used up. */
  private async newest(id: string, { epoch, version, cs, last }: OpenedState): Promise<HeldState | undefined> {
    for (let seq = last; seq > 0;) {
      const asked = { id, epoch, version, session: { cs, seq }, reply: '', window: REPLIES_KEPT };
      const outcome = await askStore(() => this.store.commit(asked));
      if (outcome.kind !== 'DUP') {
        return undefined;
      }
      const held = outcome.reply ? recall(outcome.reply).held : undefined;
      if (held?.version === outcome.version) {
        return held;
      }
      // Another node has used the next number in between.
      seq = outcome.last > seq ? outcome.last : 0;
    }
    return undefined;
  }
}
