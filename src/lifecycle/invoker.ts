import { HttpException, Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { ExternalContextCreator, type ContextId } from '@nestjs/core';
import { GUARDS_METADATA } from '@nestjs/common/constants.js';
import { WsException } from '@nestjs/websockets';

import { ComponentFactory } from '../component/component.factory.js';
import type { ComponentDefinition } from '../component/definition.js';
import { marksOf, PARAMETER } from '../component/parameter.decorators.js';
import { UTC_ZONES, Zoned } from '../component/zones.js';
import { refusedFields } from '../component/refused-fields.js';
import { readParameter, type Parameter } from '../component/parameter.reader.js';
import { LiveError } from '../errors/live-error.js';
import { LIVE_CONTEXT } from './live-execution-context.js';
import type { LiveContext } from './live.context.js';
import { argumentOf, CARRIED, type PipelineArguments } from './pipeline-arguments.js';
import type { Verdict } from './recognition.js';
import { ResponseFacade } from './response-facade.js';

/** What is called through the pipeline: a hook or handler by method name, or nothing but the guards (`view`). */
export interface Call {
  readonly method: string | null;
  /** Handed to a first parameter without a decorator; what a client sends never is. */
  readonly argument?: unknown;
  /** Runs behind guards, interceptors and pipes, right before the method. */
  readonly prepare?: () => Promise<void>;
  /** Runs in the method's place, behind everything that may refuse, and decides whether `next` is run at all. */
  readonly around?: (next: () => unknown) => unknown;
  /** The server's own calls pass no guards: nobody asked. */
  readonly guarded: 'guarded' | 'unguarded';
}

type Handler = (
  request: object,
  response: ResponseFacade,
  next: undefined,
  live: LiveContext,
  payload: unknown,
  call: Call,
) => Promise<unknown>;

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
  private readonly handlers = new Map<ComponentDefinition, Map<string, Handler>>();
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
  call(live: LiveContext, asked: Call, contextId?: ContextId): Promise<unknown> {
    const verdict = asked.guarded === 'guarded' ? verdictOn(live, asked) : undefined;
    if (verdict?.refused) {
      // What was thrown goes on as it is, whatever it is.
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      return Promise.reject(verdict.refused.error);
    }
    const call: Call = verdict ? { ...asked, guarded: 'unguarded' } : asked;
    const { method, guarded } = call;
    const key = `${guarded}:${method ?? VIEW}`;
    const { definition } = live;
    const handler = contextId
      ? this.create(definition, call, contextId)
      : this.kept(definition, key, () => this.create(definition, call));
    const response = new ResponseFacade();
    return handler(live.request, response, undefined, live, live.payload, call).finally(() => response.finish());
  }

  /** Asks the guards in front of a method, and nothing else of the pipeline; what they refuse passes the filters. */
  async ask(live: LiveContext, method: string | null, contextId?: ContextId): Promise<void> {
    const { definition } = live;
    const key = `asked:${method ?? VIEW}`;
    const handler = contextId
      ? this.asking(definition, method, contextId)
      : this.kept(definition, key, () => this.asking(definition, method));
    const call = { method, guarded: 'guarded' } as const;
    await handler(live.request, new ResponseFacade(), undefined, live, live.payload, call);
  }

  /** Whether anybody stands in front of a method. */
  isGuarded(definition: ComponentDefinition, method: string | null): boolean {
    const own = ownMethod(definition, method);
    return (
      Reflect.hasMetadata(GUARDS_METADATA, definition.type) ||
      (own !== undefined && Reflect.hasMetadata(GUARDS_METADATA, own)) ||
      this.globalGuards().length > 0
    );
  }

  private kept(definition: ComponentDefinition, key: string, make: () => Handler): Handler {
    let handlers = this.handlers.get(definition);
    if (!handlers) {
      this.handlers.set(definition, (handlers = new Map<string, Handler>()));
    }
    let handler = handlers.get(key);
    if (!handler) {
      handlers.set(key, (handler = make()));
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
    const liveIndex = this.markArguments(definition, name);
    const run = this.creator.create(
      singleton,
      callbackFor(ownMethod(definition, method), name, liveIndex),
      name,
      ARGUMENTS,
      ASKED_FOR,
      contextId,
      wrapperId,
      { guards: guarded === 'guarded', interceptors: true, filters: false },
      LIVE_CONTEXT,
    ) as Handler;
    return this.filtered(definition, name, run, contextId);
  }

  /** The guards in front of a method that does nothing. */
  private asking(definition: ComponentDefinition, method: string | null, contextId?: ContextId): Handler {
    const { singleton, wrapperId } = this.factory.host(definition);
    const name = method ?? VIEW;
    const run = this.creator.create(
      singleton,
      standIn(ownMethod(definition, method), name, () => undefined),
      name,
      undefined,
      undefined,
      contextId,
      wrapperId,
      { guards: true, interceptors: false, filters: false },
      LIVE_CONTEXT,
    ) as Handler;
    return this.filtered(definition, name, run, contextId);
  }

  private filtered(definition: ComponentDefinition, name: string, run: Handler, contextId?: ContextId): Handler {
    let filters: Handler | undefined;
    return async (...args) => {
      try {
        return await run(...args);
      } catch (error) {
        filters ??= this.filters(definition, name, contextId);
        // Filters may throw another error in this one's place. What they return cannot undo it: Nest takes a filter's
        // promise for an answer, and a refusal would pass for a success.
        const filter = filters as (...rest: unknown[]) => Promise<unknown>;
        const final = await filter(...args, () => error).then(
          () => error,
          (other: unknown) => other,
        );
        throw withPause(refusedUnreached(final, args[3], args[5]), args[1]);
      }
    };
  }

  /** The author's filters alone, around a method that throws what it is given behind the pipeline's arguments. */
  private filters(definition: ComponentDefinition, name: string, contextId?: ContextId): Handler {
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
    ) as Handler;
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

type Method = (this: object, ...args: unknown[]) => unknown;

interface Carried {
  readonly live: LiveContext;
  readonly call: Call;
}

/** Calls whose own method was come to: nothing has refused them before. */
const reached = new WeakSet<Call>();

/** Guards written for gateways refuse by a `WsException`, which says nothing of what it means. */
const refusedUnreached = (error: unknown, { caller }: LiveContext, call: Call): unknown =>
  error instanceof WsException && !reached.has(call) && refusedFields(error) === undefined
    ? new LiveError(caller.isAuthenticated ? 'FORBIDDEN' : 'UNAUTHENTICATED', error.message, { cause: error })
    : error;

/** A guard that counts says in a header when to come again; the coded refusal says it too. */
const withPause = (error: unknown, { retryAfterMs }: ResponseFacade): unknown =>
  retryAfterMs !== undefined && error instanceof HttpException && error.getStatus() === 429
    ? new LiveError('RATE_LIMITED', error.message, { cause: error, retryAfterMs })
    : error;

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
    reached.add(call);
    args.length = liveIndex;
    if (call.argument !== undefined && args[0] === undefined) {
      args[0] = call.argument;
    }
    const { prepare, around } = call;
    const own = (): unknown => method?.apply(live.component, args);
    const run = around ? (): unknown => around(own) : own;
    return prepare ? prepare().then(run) : run();
  });
