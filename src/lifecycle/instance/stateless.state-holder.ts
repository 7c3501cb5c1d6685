import { LiveError } from '../../errors/live-error.js';
import type { Limits } from '../../protocol/limits.js';
import type { CommitOutcome } from '../../state/state-store.js';
import type { LiveCaller } from '../caller/caller.js';
import type { Opened } from './state-holder.js';
import type { Seal } from './seal.js';
import {
  StateHolder,
  type Found,
  type Presented,
  type Saving,
  type StateBounds,
  type TokenPosition,
} from './state-holder.js';

/** The page keeps the state and the server nothing at all: any token may be presented again until it expires. */
export class StatelessStateHolder extends StateHolder {
  readonly isJoinable = false;
  readonly meetsStates = false;
  readonly bounds: StateBounds;

  constructor(
    private readonly seal: Seal,
    { maxClientStateBytes }: Limits,
  ) {
    super();
    this.bounds = { warnBytes: 0, maxBytes: maxClientStateBytes };
  }

  find({ arrival: { kind, envelope }, definition, token }: Presented): Found {
    const { i, pur, st: snapshot, sh: shape, v: version = 0 } = token;
    if (kind === 'subscribe' || pur === 'sub') {
      throw new LiveError('BAD_FRAME', 'a state that its page holds cannot be subscribed to');
    }
    if (snapshot === undefined) {
      throw new LiveError('STATE_OUTDATED', `the state of "${definition.name}" was held by the server`);
    }
    const cs = token.cs ?? envelope.page ?? this.seal.newId();
    // Nothing counts here: the number that comes is the next one, and the token says what it is applied to.
    const last = (envelope.seq ?? version + 1) - 1;
    return { kind: 'OK', epoch: `${i}.0`, version, snapshot, shape, cs, last };
  }

  mount(_opened: Opened, snapshot: string): string {
    return snapshot;
  }

  save({ version, last }: Opened, { change }: Saving): CommitOutcome {
    return { kind: 'OK', version: change ? version + 1 : version, seq: last + 1 };
  }

  token(opened: Opened, caller: LiveCaller, { epoch, version, snapshot, shape }: TokenPosition): string {
    return this.seal.state(opened, caller, { epoch, version, held: { snapshot, shape } });
  }

  canHold(opened: Opened, snapshot: string): boolean {
    return this.seal.canCarry(opened, snapshot);
  }

  leave(): boolean {
    return false;
  }
}
