import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { ExternalContextCreator, type ContextId } from '@nestjs/core';
import { GUARDS_METADATA } from '@nestjs/common/constants.js';

import { ComponentFactory } from '../../component/component.factory.js';
import type { ComponentDefinition } from '../../component/definition.js';
import { marksOf, PARAMETER } from '../../component/parameter.decorators.js';
import { UTC_ZONES, Zoned } from '../../component/zones.js';
import { readParameter, type Parameter } from '../../component/parameter.reader.js';
import type { Soon } from '../../protocol/soon.js';
import { watched } from './chain-watch.js';
import {
  chained,
  concluding,
  direct,
  isDirect,
  perform,
  run,
  type Call,
  type Chain,
  type Filters,
  type Handler,
  type Method,
} from './handler.js';
import { LIVE_CONTEXT } from '../context/live-execution-context.js';
import type { LiveContext } from '../context/live.context.js';
import { argumentOf, CARRIED, type PipelineArguments } from './pipeline-arguments.js';
import type { Verdict } from '../caller/recognition.js';

/** Where our own metadata lives: Nest's parameters of the method plus one that brings the interaction along. */
const ARGUMENTS = 'nest-live:arguments';
const VIEW = '$view';

/**
 * Runs an author's method through Nest's pipeline: global, class and method guards, interceptors, pipes, filters,
 * parameter decorators, with context type `live`. Handlers are made once, at the first call, so that
 * `app.useGlobal…()` counts; request-scoped components get theirs per interaction.
 */
@Injectable()
export class Invoker {
  private readonly handlers = new Map<ComponentDefinition, Record<Call['guarded'] | 'asked', Map<string, Handler>>>();
  /** Whether guards stand on a method or its class: what is written there does not change. */
  private readonly guards = new Map<ComponentDefinition, Map<string, boolean>>();
  private readonly creator: ExternalContextCreator;

  constructor(
    creator: ExternalContextCreator,
    private readonly factory: ComponentFactory,
  ) {
    this.creator = Object.create(creator, {
      getParamValue: {
        value: (value: unknown, parameter: Parameter, pipes: PipeTransform[]): Promise<unknown> =>
          readParameter(parameter, value, pipes, (given, rest) =>
            creator.getParamValue(given, parameter as ArgumentMetadata, rest),
          ),
      },
    }) as ExternalContextCreator;
  }

  /** @throws whatever the guards refuse with, here or before anything was opened */
  call(live: LiveContext, asked: Call, contextId?: ContextId): Soon<unknown> {
    const verdict = asked.guarded === 'guarded' ? verdictOn(live, asked) : undefined;
    if (verdict?.refused) {
      throw verdict.refused.error;
    }
    const call: Call = verdict ? { ...asked, guarded: 'unguarded' } : asked;
    const { definition } = live;
    const handler = contextId ? this.create(definition, call, contextId) : this.kept(definition, call.guarded, call);
    return handler(live, call);
  }

  /** Asks the guards in front of a method, and nothing else of the pipeline; what they refuse passes the filters. */
  async ask(live: LiveContext, method: string | null, contextId?: ContextId): Promise<void> {
    const { definition } = live;
    const call = { method, guarded: 'guarded' } as const;
    const handler = contextId ? this.asking(definition, call, contextId) : this.kept(definition, 'asked', call);
    await handler(live, call);
  }

  /** Whether anybody stands in front of a method. */
  isGuarded(definition: ComponentDefinition, method: string | null): boolean {
    const key = method ?? VIEW;
    let own = this.guards.get(definition);
    if (!own) {
      this.guards.set(definition, (own = new Map<string, boolean>()));
    }
    let isGuarded = own.get(key);
    if (isGuarded === undefined) {
      own.set(key, (isGuarded = hasGuards(definition, method)));
    }
    return isGuarded || this.globalGuards().length > 0;
  }

  /** Whether nobody stands before a look at it: no guard, no interceptor. */
  isOpen(definition: ComponentDefinition): boolean {
    return isDirect(this.kept(definition, 'guarded', { method: null, guarded: 'guarded' }));
  }

  private kept(definition: ComponentDefinition, way: Call['guarded'] | 'asked', call: Call): Handler {
    const key = call.method ?? VIEW;
    let ways = this.handlers.get(definition);
    if (!ways) {
      this.handlers.set(definition, (ways = { guarded: new Map(), unguarded: new Map(), asked: new Map() }));
    }
    let handler = ways[way].get(key);
    if (!handler) {
      handler = way === 'asked' ? this.asking(definition, call) : this.create(definition, call);
      ways[way].set(key, handler);
    }
    return handler;
  }

  // Nest does not say how many global guards there are, but for the part of it that collects them.
  private globalGuards(): readonly unknown[] {
    const { guardsContextCreator } = this.creator as unknown as {
      readonly guardsContextCreator: { getGlobalMetadata(): readonly unknown[] };
    };
    return guardsContextCreator.getGlobalMetadata();
  }

  private create(definition: ComponentDefinition, { method, guarded }: Call, contextId?: ContextId): Handler {
    const { singleton, wrapperId } = this.factory.host(definition);
    const name = method ?? VIEW;
    const own = ownMethod(definition, method);
    const isMarked = Object.keys(marksOf(definition.type, name)).length > 0;
    const liveIndex = this.markArguments(definition, name);
    const { creator, isClear } = watched(this.creator, guarded);
    const chain = creator.create(
      singleton,
      callbackFor(own, name, liveIndex),
      name,
      ARGUMENTS,
      ASKED_FOR,
      contextId,
      wrapperId,
      { guards: guarded === 'guarded', interceptors: true, filters: false },
      LIVE_CONTEXT,
    ) as Chain;
    const filters = this.filters(definition, name, contextId);
    return isMarked || !isClear() ? chained(concluding(chain), filters) : direct(own, filters);
  }

  /** The guards in front of a method that does nothing. */
  private asking(definition: ComponentDefinition, { method }: Call, contextId?: ContextId): Handler {
    const { singleton, wrapperId } = this.factory.host(definition);
    const name = method ?? VIEW;
    const asked = this.creator.create(
      singleton,
      standIn(ownMethod(definition, method), name, () => undefined),
      name,
      undefined,
      undefined,
      contextId,
      wrapperId,
      { guards: true, interceptors: false, filters: false },
      LIVE_CONTEXT,
    ) as Chain;
    return chained(asked, this.filters(definition, name, contextId));
  }

  /** The author's filters alone, around a method that throws what it is given behind the pipeline's arguments. */
  private filters(definition: ComponentDefinition, name: string, contextId?: ContextId): Filters {
    let made: Filters | undefined;
    return (...args) => (made ??= this.makeFilters(definition, name, contextId))(...args);
  }

  private makeFilters(definition: ComponentDefinition, name: string, contextId?: ContextId): Filters {
    const { singleton, wrapperId } = this.factory.host(definition);
    const own = (definition.type.prototype as Record<string, Method | undefined>)[name];
    const rethrow = standIn(own, name, (...args) => {
      throw (args.at(-1) as () => unknown)();
    });
    const only = { guards: false, interceptors: false, filters: true };
    return this.creator.create(
      singleton,
      rethrow,
      name,
      undefined,
      undefined,
      contextId,
      wrapperId,
      only,
      LIVE_CONTEXT,
    ) as Filters;
  }

  /** Adds the parameter that brings the interaction along, behind the author's own. */
  private markArguments({ type }: ComponentDefinition, name: string): number {
    const marks = marksOf(type, name);
    const length = (type.prototype as Record<string, Method | undefined>)[name]?.length ?? 0;
    const liveIndex = Math.max(length, ...Object.values(marks).map(({ index }) => index + 1));
    const carried = { index: liveIndex, data: undefined, pipes: [] };
    Reflect.defineMetadata(ARGUMENTS, { ...marks, [`${CARRIED}:${liveIndex}`]: carried }, type, name);
    return liveIndex;
  }
}

/** What a method's parameters stand for. */
const ASKED_FOR = {
  exchangeKeyForValue: (type: number, data: unknown, args: PipelineArguments): unknown =>
    type === CARRIED
      ? ({ live: args[3], call: args[5] as Call } satisfies Carried)
      : inZones(type, argumentOf(type, data as string | undefined, args), args[3]),
};

/** What a page has sent goes with the zones that its times are in. */
const inZones = (type: number, value: unknown, { zones }: LiveContext): unknown =>
  type === PARAMETER.PAYLOAD && zones !== UTC_ZONES ? new Zoned(value, zones) : value;

/** What the guards have said of this very method. Whoever may call a method may look at its component, too. */
const verdictOn = ({ verdict }: LiveContext, { method }: Call): Verdict | undefined =>
  verdict && (verdict.method === method || (method === null && !verdict.refused)) ? verdict : undefined;

const ownMethod = ({ type }: ComponentDefinition, method: string | null): Method | undefined =>
  method === null ? undefined : (type.prototype as Record<string, Method | undefined>)[method];

const hasGuards = (definition: ComponentDefinition, method: string | null): boolean => {
  const own = ownMethod(definition, method);
  return (
    Reflect.hasMetadata(GUARDS_METADATA, definition.type) ||
    (own !== undefined && Reflect.hasMetadata(GUARDS_METADATA, own))
  );
};

interface Carried {
  readonly live: LiveContext;
  readonly call: Call;
}

/**
 * Stands in for the method on Nest's host object. Its prototype is the method, so that metadata readers find what the
 * author wrote; its name is the method's, because guards count and log by `getHandler().name`.
 */
const standIn = (own: Method | undefined, name: string, callback: Method): Method => {
  Object.defineProperty(callback, 'name', { value: name });
  return own ? (Object.setPrototypeOf(callback, own) as Method) : callback;
};

/** Calls the method on the interaction's own component. */
const callbackFor = (method: Method | undefined, name: string, liveIndex: number): Method =>
  standIn(method, name, function (...args: unknown[]): unknown {
    const { live, call } = args[liveIndex] as Carried;
    args.length = liveIndex;
    if (call.argument !== undefined && args[0] === undefined) {
      args[0] = call.argument;
    }
    return run(live, call, () => perform(method, live, call, args));
  });
