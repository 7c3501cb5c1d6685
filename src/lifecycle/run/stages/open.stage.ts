import { Injectable } from '@nestjs/common';

import type { ComponentDefinition } from '../../../component/definition.js';
import { ComponentRegistry } from '../../../component/component.registry.js';
import { isWithinReach } from '../../../component/migrations.js';
import { acceptClientProps } from '../../../component/props.js';
import { LiveError } from '../../../errors/live-error.js';
import type { RequestEnvelope } from '../../../protocol/envelope.js';
import { isFormEncoded, markFormEncoded } from '../../../protocol/form-encoding.js';
import { readPageAddress } from '../../../protocol/page-address.js';
import { SET_EVENT } from '../../../protocol/parse-request.js';
import { after, type Soon } from '../../../protocol/soon.js';
import { BudgetedStateStore } from '../../../state/budgeted.state-store.js';
import type { CommitOutcome, Conflict, JoinOutcome, OpenOutcome } from '../../../state/state-store.js';
import type { TokenPayload } from '../../../state/token-sealer.js';
import { FeatureHost } from '../../plan/feature-host.js';
import type { Arrival } from '../interaction.js';
import { pageUrlOf } from '../page-url.js';
import { givenIn, Seal } from '../../instance/seal.js';
import { isAdopted, type Found, type Opened, type Renewal, type StateHolder } from '../../instance/state-holder.js';
import { StateHolders } from '../../instance/state-holders.js';
import type { SharedInstance } from '../../instance/shared-instances.js';
import type { HeldInstance } from '../../instance/viewer.js';
import { askStore, storeRefusal } from '../../instance/store-call.js';

type Props = Readonly<Record<string, unknown>>;

/** Finds the definition and the instance a request means, or says by code why not. */
@Injectable()
export class OpenStage {
  constructor(
    private readonly registry: ComponentRegistry,
    private readonly store: BudgetedStateStore,
    private readonly seal: Seal,
    private readonly holders: StateHolders,
    private readonly features: FeatureHost,
  ) {}

  /** @throws LiveError `UNKNOWN_COMPONENT`, `UNKNOWN_EVENT` */
  definition({ kind, envelope, held }: Arrival): ComponentDefinition {
    const definition = this.registry.get(held?.component ?? envelope.component ?? '');
    if (!definition) {
      throw new LiveError('UNKNOWN_COMPONENT', 'no component has the given name');
    }
    const event = envelope.event ?? '';
    if (kind === 'event' && !definition.events.has(event) && !this.isReserved(definition, envelope)) {
      const known = [...definition.events.keys()].join(', ') || 'nothing';
      throw new LiveError(
        'UNKNOWN_EVENT',
        `"${definition.name}" does not handle this event. It handles: ${known}. Mark the method with @OnEvent().`,
      );
    }
    return definition;
  }

  /** A new instance: nothing is stored. @throws LiveError `PROP_LOCKED`, `STATE_INVALID` (a bad ticket) */
  mount(arrival: Arrival, definition: ComponentDefinition): Opened {
    const { envelope, caller, placed } = arrival;
    const { ticket } = envelope;
    const token = ticket === undefined ? undefined : this.seal.openTicket(ticket, definition, caller);
    const sealed = token ? givenIn(token) : this.sealMount(arrival, definition);
    const since = token && (token.b ?? token.iat);
    const { id = this.seal.newId() } = placed ?? {};
    return unborn({ definition, holder: this.holderOf(definition, sealed), id, sealed, since });
  }

  private sealMount(arrival: Arrival, definition: ComponentDefinition): string {
    const { envelope, slots, places, placed, props = this.publicProps(envelope, definition) } = arrival;
    const memo = this.features.memo(definition, () => readPageAddress(pageUrlOf(arrival)));
    return this.seal.encode({ props, slots, places, owner: placed?.owner, memo });
  }

  /** What is in the address of a mount and means a feature is no prop. */
  private publicProps({ params = {}, url }: RequestEnvelope, definition: ComponentDefinition): Props {
    const own = url === undefined ? undefined : this.features.ownKeys(definition);
    if (own === undefined || own.size === 0) {
      return acceptClientProps(definition, params);
    }
    const named = Object.entries(params).filter(([name]) => definition.publicProps.has(name) || !own.has(name));
    const rest = Object.fromEntries(named);
    return acceptClientProps(definition, isFormEncoded(params) ? markFormEncoded(rest) : rest);
  }

  /** The page's own events: writing bound fields, and what features have reserved. */
  private isReserved(definition: ComponentDefinition, { event = '', fields }: RequestEnvelope): boolean {
    return event === SET_EVENT ? fields !== undefined : this.features.reservedEvent(definition, event) !== undefined;
  }

  /** A new instance that the server makes for many pages: it is kept by the server. */
  shared(definition: ComponentDefinition, { id, sealed }: Pick<Opened, 'id' | 'sealed'>): Opened {
    return unborn({ definition, holder: this.holders.server, id, sealed });
  }

  /** A new instance that another one's template asks for. */
  placed(definition: ComponentDefinition, { id, sealed, since }: Pick<Opened, 'id' | 'sealed' | 'since'>): Opened {
    return unborn({ definition, holder: this.holders.server, id, sealed, since });
  }

  /** The instance a connection has joined. @throws LiveError for every outcome but OK */
  held(held: HeldInstance, definition: ComponentDefinition): Soon<Opened> {
    const { id, cs, sealed } = held;
    const at = { e: held.epoch, v: held.version };
    return after(
      askStore(() => this.store.open({ id, cs, at })),
      (outcome) => opened(found(outcome, definition), { definition, holder: this.holders.server, id, sealed }),
    );
  }

  /** A shared instance under a new client session, for somebody whom its guards have let in. */
  async join({ id, sealed, definition }: SharedInstance, { envelope: { at }, caller }: Arrival): Promise<Opened> {
    const state = found(
      await askStore(() => this.store.join({ id, cs: this.seal.newId(), at, owner: caller.owner })),
      definition,
    );
    return opened(state, { definition, holder: this.holders.server, id, sealed });
  }

  /** The instance as it is, for the server itself: no client session has to be left. */
  async server({ id, sealed }: Pick<HeldInstance, 'id' | 'sealed'>, definition: ComponentDefinition): Promise<Opened> {
    const stored = await askStore(() => this.store.peek(id));
    const outcome = stored ? { ...stored, kind: 'OK' as const, cs: '', last: 0 } : { kind: 'GONE' as const };
    return opened(found(outcome, definition), { definition, holder: this.holders.server, id, sealed });
  }

  /** The instance as a commit has found it that met another change. @throws LiveError `STATE_OUTDATED` */
  met(before: Opened, conflict: Conflict): Opened {
    const { version, snapshot, shape } = reachable(conflict, before.definition);
    return { ...before, version, snapshot, shape };
  }

  /**
   * The instance for the server's next try.
   * @param look for a history that the store has begun anew
   * @throws LiveError for every outcome that no next try changes
   */
  async anew(before: Opened, outcome: CommitOutcome, look: () => Promise<Opened>): Promise<Opened> {
    switch (outcome.kind) {
      case 'CONFLICT':
        return this.met(before, outcome);
      case 'EPOCH':
        return look();
      default:
        throw storeRefusal('GONE');
    }
  }

  /** The instance a token names. @throws LiveError for every outcome but OK */
  token(
    arrival: Arrival,
    { definition, token }: { definition: ComponentDefinition; token: TokenPayload },
  ): Soon<Opened> {
    // What the server has made, or stored at mount, stays with the server whatever the component has chosen since.
    const isUsed = isAdopted(token, arrival.envelope);
    const isServers = token.st === undefined || isUsed;
    const holder = isServers ? this.holders.server : this.holderOf(definition, givenIn(token));
    const { i: id, f } = token;
    const fingerprint = isUsed ? undefined : f;
    const renewal = this.renewalOf(arrival, holder, token);
    return after(holder.find({ arrival, definition, token }), (outcome) =>
      opened(found(outcome, definition), { definition, holder, id, sealed: givenIn(token), fingerprint, renewal }),
    );
  }

  /** A page that says in the open what it has seen needs a token only to be known by; HTML carries the newest one. */
  private renewalOf(
    { kind, envelope, output }: Arrival,
    holder: StateHolder,
    token: TokenPayload,
  ): Renewal | undefined {
    const { at, seq, state, keeps, fresh } = envelope;
    const isEvent = kind === 'event' && token.pur === 'state' && output !== 'page' && at && seq !== undefined;
    // What was made for many pages names no client session.
    const isJoin = kind === 'join' && token.pur !== 'sub' && keeps !== undefined && !fresh;
    return (isEvent || isJoin) && holder.isJoinable && state !== undefined
      ? this.seal.renewalOf(state, token)
      : undefined;
  }

  /**
   * A new instance that begins with the state of the one a token names, and whose children are the same.
   * @throws LiveError `INSTANCE_NOT_FOUND` also where it was given something else than is asked for now
   */
  async resumed(
    { props }: Arrival,
    { definition, token }: { definition: ComponentDefinition; token: TokenPayload },
  ): Promise<Opened> {
    const given = this.seal.decode(givenIn(token));
    const isSame = this.seal.encode({ props }) === this.seal.encode({ props: given.props });
    const holder = token.st === undefined ? this.holders.server : this.holderOf(definition, givenIn(token));
    const stored = holder.isJoinable ? await askStore(() => this.store.peek(token.i)) : null;
    const snapshot = stored?.snapshot ?? token.st;
    if (!isSame || snapshot === undefined) {
      throw new LiveError('INSTANCE_NOT_FOUND', 'nothing is left to be shown again in this place');
    }
    const shape = stored?.shape ?? token.sh;
    if (!isWithinReach(definition, shape)) {
      throw new LiveError('STATE_OUTDATED', `the state of "${definition.name}" has shape ${shape}`);
    }
    const sealed = this.seal.encode({ ...given, lineage: given.lineage ?? token.i });
    return { ...unborn({ definition, holder, id: this.seal.newId(), sealed }), snapshot, shape };
  }

  /** What stands in another component is shown again with it, so the server has to have its state. */
  private holderOf(definition: ComponentDefinition, sealed: string): StateHolder {
    const own = this.holders.of(definition);
    return own.isJoinable || this.seal.decode(sealed).owner === undefined ? own : this.holders.server;
  }
}

/** @throws LiveError for every outcome but OK, and `STATE_OUTDATED` */
const found = (outcome: OpenOutcome | JoinOutcome | Found, definition: ComponentDefinition): Found => {
  if (outcome.kind !== 'OK') {
    throw storeRefusal(outcome.kind);
  }
  return reachable(outcome, definition);
};

/** @throws LiveError `STATE_OUTDATED` for a shape no migration leads away from */
const reachable = <State extends { readonly shape: number }>(state: State, definition: ComponentDefinition): State => {
  const { shape } = state;
  if (!isWithinReach(definition, shape)) {
    const { name, shape: present } = definition;
    throw new LiveError('STATE_OUTDATED', `the state of "${name}" has shape ${shape}, the component has ${present}`);
  }
  return state;
};

type Subject = 'definition' | 'holder' | 'id' | 'sealed' | 'since' | 'fingerprint' | 'renewal';

const unborn = (subject: Pick<Opened, Subject>): Opened => {
  const { shape } = subject.definition;
  return opened({ epoch: '', version: 0, snapshot: null, shape, cs: '', last: 0 }, subject);
};

/** Field by field: spreading the store's answer into more fields is the slowest step of an event. */
const opened = (
  { snapshot, shape, epoch, version, cs, last, isStale }: Omit<Opened, Subject>,
  { definition, holder, id, sealed, since, fingerprint, renewal }: Pick<Opened, Subject>,
): Opened => ({
  definition,
  holder,
  id,
  sealed,
  since,
  snapshot,
  shape,
  epoch,
  version,
  cs,
  last,
  fingerprint,
  isStale,
  renewal,
});
