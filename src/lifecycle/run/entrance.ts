import { Inject, Injectable } from '@nestjs/common';

import { ComponentFactory } from '../../component/component.factory.js';
import { ComponentRegistry } from '../../component/component.registry.js';
import type { ComponentDefinition } from '../../component/definition.js';
import { LiveError } from '../../errors/live-error.js';
import { LIMITS, type Limits } from '../../protocol/limits.js';
import { after, type Soon } from '../../protocol/soon.js';
import { isSamePrincipal, type LiveCaller } from '../caller/caller.js';
import { Deadlines } from './deadlines.js';
import { toLiveError } from './failure.js';
import type { Arrival } from './interaction.js';
import { Invoker } from '../plan/invoker.js';
import { LiveContext } from '../context/live.context.js';
import { pageUrlOf } from './page-url.js';
import { NOTHING_GIVEN } from '../context/placed.js';
import { requestOf, type Recognition, type Verdict } from '../caller/recognition.js';
import { Seal, type Named } from '../instance/seal.js';
import type { Viewer } from '../instance/viewer.js';
import { SharedInstances } from '../instance/shared-instances.js';

/** Somebody who was let in, or not: `caller` is whoever the guards have found. */
type Entered = Pick<Arrival, 'caller' | 'request' | 'verdict'>;

/** Somebody who is shown what has changed. */
type Looking = Entered & Pick<Arrival, 'recognition'>;

/** What is asked of a component. */
type Question = Pick<Arrival, 'kind' | 'envelope' | 'transport'> & {
  readonly named?: () => Partial<Named>;
  readonly id?: string;
};

/**
 * Asks the guards of what is asked before anything of it is opened, wherever they decide who is asking: whom they have
 * put on the request is the caller, on every transport. What they refuse is refused where guards stand.
 */
@Injectable()
export class Entrance {
  constructor(
    private readonly registry: ComponentRegistry,
    private readonly factory: ComponentFactory,
    private readonly invoker: Invoker,
    private readonly deadlines: Deadlines,
    private readonly seal: Seal,
    private readonly shared: SharedInstances,
    @Inject(LIMITS) private readonly limits: Limits,
  ) {}

  /** The arrival, with whoever it is. */
  enter(arrival: Arrival): Soon<Arrival> {
    const { recognition, verdict } = arrival;
    return !recognition || verdict ? arrival : this.meet(arrival, recognition);
  }

  private meet(arrival: Arrival, recognition: Recognition): Soon<Arrival> {
    return after(this.definition(arrival), (definition) => {
      if (!definition) {
        return arrival;
      }
      const { kind, envelope, transport, placed, held } = arrival;
      const named = (): Partial<Named> => (placed ? {} : this.named(arrival, definition));
      const id = held?.id ?? envelope.component_id ?? placed?.id;
      const asked = this.ask(definition, recognition, { kind, envelope, transport, named, id });
      return after(asked, (entered) => arrivalOf(arrival, asJoined(arrival.viewer?.caller, entered)));
    });
  }

  /** Who is there for this component, apart from any interaction with it. @throws LiveError what its guards refuse */
  async behind(component: string, recognition: Recognition): Promise<LiveCaller> {
    const definition = this.registry.get(component);
    if (!definition) {
      throw new LiveError('UNKNOWN_COMPONENT', 'no component has the given name');
    }
    const question = { kind: 'view', envelope: {}, transport: 'http' } as const;
    const { caller, verdict } = await this.ask(definition, recognition, question);
    if (verdict?.refused) {
      throw toLiveError(verdict.refused.error, { anonymous: !caller.isAuthenticated, place: 'author' });
    }
    return caller;
  }

  /** Who is to be shown one more render: the one who joined, or it is refused. */
  again(definition: ComponentDefinition, { recognition, caller, request, held: { id } }: Viewer): Soon<Looking> {
    if (!recognition) {
      return { caller, request };
    }
    const question = { kind: 'view', envelope: {}, transport: 'server', id } as const;
    return after(this.ask(definition, recognition, question), lookingOf, { recognition, caller });
  }

  private ask(definition: ComponentDefinition, recognition: Recognition, question: Question): Soon<Entered> {
    const method = methodOf(definition, question);
    const isGuarded = this.invoker.isGuarded(definition, method);
    const request = isGuarded ? requestOf(recognition) : recognition.request;
    const found: Soon<Verdict> = isGuarded
      ? this.verdict(this.context(definition, { recognition, request, question }), method)
      : { method };
    return after(found, enteredOf, { recognition, request });
  }

  private async verdict(ctx: LiveContext, method: string | null): Promise<Verdict> {
    try {
      await this.deadlines.within(this.asking(ctx, method), ctx, this.limits.handlerTimeoutMs);
      return { method };
    } catch (error) {
      return { method, refused: { error } };
    }
  }

  private async asking(ctx: LiveContext, method: string | null): Promise<void> {
    const { definition } = ctx;
    const { contextId } = this.factory.host(definition).scoped ? await this.factory.make(definition, ctx) : {};
    await this.invoker.ask(ctx, method, contextId);
  }

  private context(
    definition: ComponentDefinition,
    asked: { readonly recognition: Recognition; readonly request: object; readonly question: Question },
  ): LiveContext {
    const { recognition, request, question } = asked;
    const { kind, envelope, transport } = question;
    const { given = NOTHING_GIVEN, id = '' } = question.named?.() ?? {};
    const isEvent = kind === 'event';
    const ctx = new LiveContext({
      definition,
      id: question.id ?? id,
      entry: isEvent ? 'event' : kind === 'mount' ? 'mount' : 'view',
      transport,
      caller: recognition.who(request),
      request,
      recognition,
      url: pageUrlOf({ envelope, transport, request }),
      event: isEvent ? envelope.event : undefined,
      payload: isEvent ? envelope.payload : undefined,
    });
    ctx.given = given;
    return ctx;
  }

  private definition({ held, envelope }: Arrival): Soon<ComponentDefinition | undefined> {
    const name = held?.component ?? envelope.component;
    if (name !== undefined || envelope.component_id === undefined) {
      return name === undefined ? undefined : this.registry.get(name);
    }
    return this.shared.definition(envelope.component_id);
  }

  /** As far as it can be known before it is opened; what cannot be read is refused when it is. */
  private named({ held, envelope, props, slots = {} }: Arrival, definition: ComponentDefinition): Partial<Named> {
    const { state, ticket, params = {} } = envelope;
    if (held) {
      return { given: this.seal.decode(held.sealed) };
    }
    if (state === undefined && ticket === undefined) {
      return { given: { ...NOTHING_GIVEN, props: props ?? params, slots } };
    }
    const { id, given } = this.seal.peek(state ?? ticket, definition) ?? {};
    // A ticket names what it was for, and not what is mounted by it.
    return { id: state === undefined ? undefined : id, given };
  }
}

/** Each field is named, also one that is undefined: none is forgotten where another one comes to it. */
type Whole<T> = { readonly [Field in keyof Required<T>]: T[Field] };

/** Field by field: an object put together by spreading is slow to make, and this is made for every event. */
const arrivalOf = (arrival: Arrival, { caller, request, verdict }: Entered): Whole<Arrival> => ({
  kind: arrival.kind,
  envelope: arrival.envelope,
  caller,
  joins: arrival.joins,
  transport: arrival.transport,
  request,
  isForeign: arrival.isForeign,
  recognition: arrival.recognition,
  verdict,
  held: arrival.held,
  viewer: arrival.viewer,
  trace: arrival.trace,
  cancellation: arrival.cancellation,
  preview: arrival.preview,
  begin: arrival.begin,
  props: arrival.props,
  slots: arrival.slots,
  places: arrival.places,
  placed: arrival.placed,
  hold: arrival.hold,
  output: arrival.output,
  files: arrival.files,
});

const enteredOf = (
  verdict: Verdict,
  { recognition, request }: { readonly recognition: Recognition; readonly request: object },
): Entered => {
  const caller = recognition.who(request);
  recognition.met?.(caller);
  return { caller, request, verdict };
};

const lookingOf = (entered: Entered, { recognition, caller }: Pick<Viewer, 'caller' | 'recognition'>): Looking => {
  const { caller: joiner, request, verdict } = asJoined(caller, entered);
  return { recognition, caller: joiner, request, verdict };
};

const methodOf = (definition: ComponentDefinition, { kind, envelope }: Question): string | null => {
  if (kind === 'event') {
    return definition.events.get(envelope.event ?? '')?.method ?? null;
  }
  return kind === 'mount' && 'onMount' in (definition.type.prototype as object) ? 'onMount' : null;
};

/** What was joined is its joiner's, and so is every refusal: also that the guards have let somebody else pass. */
const asJoined = (joiner: LiveCaller | undefined, entered: Entered): Entered => {
  if (!joiner || isSamePrincipal(joiner, entered.caller)) {
    return entered;
  }
  const { request, verdict = { method: null } } = entered;
  const error = new LiveError('STATE_INVALID', 'wrong_principal: the guards have found somebody else than who joined');
  return { caller: joiner, request, verdict: verdict.refused ? verdict : { ...verdict, refused: { error } } };
};
