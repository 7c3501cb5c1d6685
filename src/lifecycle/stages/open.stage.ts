import { Injectable } from '@nestjs/common';

import type { ComponentDefinition } from '../../component/definition.js';
import { ComponentRegistry } from '../../component/component.registry.js';
import { acceptClientProps } from '../../component/props.js';
import { LiveError } from '../../errors/live-error.js';
import type { RequestEnvelope } from '../../protocol/envelope.js';
import { SET_EVENT } from '../../protocol/parse-request.js';
import {
  StateStore,
  type AdoptOutcome,
  type JoinOutcome,
  type Opened as OpenedState,
  type OpenOutcome,
} from '../../state/state-store.js';
import type { TokenPayload } from '../../state/token-sealer.js';
import type { Arrival, Opened } from '../interaction.js';
import { Seal } from '../seal.js';
import type { HeldInstance } from '../viewer.js';
import { askStore, storeRefusal } from './store-call.js';

type FindOutcome = OpenOutcome | JoinOutcome | AdoptOutcome;

/** Finds the definition and the instance a request means, or says by code why not. */
@Injectable()
export class OpenStage {
  constructor(
    private readonly registry: ComponentRegistry,
    private readonly store: StateStore,
    private readonly seal: Seal,
  ) {}

  /** @throws LiveError `UNKNOWN_COMPONENT`, `UNKNOWN_EVENT` */
  definition({ kind, envelope, held }: Arrival): ComponentDefinition {
    const definition = this.registry.get(held?.component ?? envelope.component ?? '');
    if (!definition) {
      throw new LiveError('UNKNOWN_COMPONENT', 'no component has the given name');
    }
    const event = envelope.event ?? '';
    if (kind === 'event' && !definition.events.has(event) && !(event === SET_EVENT && envelope.fields)) {
      const known = [...definition.events.keys()].join(', ') || 'nothing';
      throw new LiveError(
        'UNKNOWN_EVENT',
        `"${definition.name}" does not handle this event. It handles: ${known}. Mark the method with @OnEvent().`,
      );
    }
    return definition;
  }

  /** A new instance: nothing is stored. @throws LiveError `PROP_LOCKED`, `STATE_INVALID` (a bad ticket) */
  mount({ envelope, caller, props, slots }: Arrival, definition: ComponentDefinition): Opened {
    const sealed =
      envelope.ticket === undefined
        ? this.seal.encodeProps(props ?? acceptClientProps(definition, envelope.params ?? {}), slots ?? {})
        : sealedProps(this.seal.openTicket(envelope.ticket, definition, caller));
    return { definition, id: this.seal.newId(), sealed, snapshot: null, epoch: '', version: 0, cs: '', last: 0 };
  }

  /** The instance a connection has joined. @throws LiveError for every outcome but OK */
  async held(held: HeldInstance, definition: ComponentDefinition): Promise<Opened> {
    const { id, cs, sealed } = held;
    const at = { e: held.epoch, v: held.version };
    const state = this.expect(await askStore(() => this.store.open({ id, cs, at })), definition);
    return opened(state, { definition, id, sealed });
  }

  /** The instance for a change the server makes by itself: no client session has to be left. */
  async server({ id, sealed }: HeldInstance, definition: ComponentDefinition): Promise<Opened> {
    const stored = await askStore(() => this.store.peek(id));
    const outcome = stored ? { ...stored, kind: 'OK' as const, cs: '', last: 0 } : { kind: 'GONE' as const };
    return opened(this.expect(outcome, definition), { definition, id, sealed });
  }

  /** The instance a token names: adopted by its first page, opened by its holder, joined under a new client session. */
  async token(
    { kind, envelope }: Arrival,
    { definition, token }: { definition: ComponentDefinition; token: TokenPayload },
  ): Promise<Opened> {
    const state = this.expect(await askStore(() => this.ask(kind, envelope, token)), definition);
    return opened(state, { definition, id: token.i, sealed: sealedProps(token), fingerprint: token.f });
  }

  private ask(kind: Arrival['kind'], envelope: RequestEnvelope, token: TokenPayload): Promise<FindOutcome> {
    const { i: id, cs, e, v, pur } = token;
    const page = envelope.page ?? this.seal.newId();
    const at = envelope.at ?? (e !== undefined && v !== undefined ? { e, v } : undefined);
    if (kind === 'subscribe' || (kind === 'join' && (envelope.fresh || pur === 'sub'))) {
      const drop = kind === 'join' ? cs : undefined;
      const ownedBy = pur === 'mount' ? page : undefined;
      return this.store.join({ id, cs: this.seal.newId(), at: envelope.at, drop, page: ownedBy });
    }
    if (kind === 'leave' && pur === 'mount') {
      return this.store.open({ id, cs: page });
    }
    if (pur === 'mount') {
      const { exp, st: snapshot = '', g: tokenGeneration = '', sh: shape } = token;
      return this.store.adopt({ id, page, exp, snapshot, birth: this.seal.newId(), tokenGeneration, shape });
    }
    if (pur === 'sub' || cs === undefined) {
      throw new LiveError('CLIENT_SESSION_EXPIRED', 'a subscription token was used for an event');
    }
    return this.store.open({ id, cs, at });
  }

  private expect(outcome: FindOutcome, definition: ComponentDefinition): OpenedState {
    if (outcome.kind !== 'OK') {
      throw storeRefusal(outcome.kind);
    }
    if (outcome.shape !== definition.shape) {
      throw new LiveError(
        'STATE_OUTDATED',
        `the state of "${definition.name}" has shape ${outcome.shape}, the component has ${definition.shape}`,
      );
    }
    return outcome;
  }
}

// Text the codec made; the token's MAC has already proved that it is ours.
const sealedProps = ({ p }: TokenPayload): string => (typeof p === 'string' ? p : '{}');

/** Field by field: spreading the store's answer into more fields is the slowest step of an event. */
const opened = (
  { snapshot, epoch, version, cs, last }: OpenedState,
  { definition, id, sealed, fingerprint }: Pick<Opened, 'definition' | 'id' | 'sealed' | 'fingerprint'>,
): Opened => ({ definition, id, sealed, snapshot, epoch, version, cs, last, fingerprint });
