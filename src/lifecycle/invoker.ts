import { HttpException, Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { ExternalContextCreator, type ContextId } from '@nestjs/core';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { WsException } from '@nestjs/websockets';

import { ComponentFactory } from '../component/component.factory.js';
import type { ComponentDefinition } from '../component/definition.js';
import { PARAMETER } from '../component/parameter.decorators.js';
import { refusedFields } from '../component/refused-fields.js';
import { readParameter, type Parameter } from '../component/parameter.reader.js';
import { LiveError } from '../errors/live-error.js';
import { FormText, isFormEncoded } from '../protocol/form-encoding.js';
import { LIVE_CONTEXT } from './live-execution-context.js';
import type { LiveContext } from './live.context.js';
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

  call(live: LiveContext, call: Call, contextId?: ContextId): Promise<unknown> {
    const { method, guarded } = call;
    const key = `${guarded}:${method ?? VIEW}`;
    const handler = contextId ? this.create(live.definition, call, contextId) : this.cached(live.definition, key, call);
    return handler(live.request, new ResponseFacade(), undefined, live, live.payload, call);
  }

  private cached(definition: ComponentDefinition, key: string, call: Call): Handler {
    let handlers = this.handlers.get(definition);
    if (!handlers) {
      this.handlers.set(definition, (handlers = new Map<string, Handler>()));
    }
    let handler = handlers.get(key);
    if (!handler) {
      handlers.set(key, (handler = this.create(definition, call)));
    }
    return handler;
  }

  private create(definition: ComponentDefinition, { method, guarded }: Call, contextId?: ContextId): Handler {
    const { singleton, wrapperId } = this.factory.host(definition);
    const name = method ?? VIEW;
    const liveIndex = this.markArguments(definition, name);
    const own = method === null ? undefined : (definition.type.prototype as Record<string, Method>)[method];
    const run = this.creator.create(
      singleton,
      callbackFor(own, name, liveIndex),
      name,
      ARGUMENTS,
      { exchangeKeyForValue: (type, data, args: unknown[]) => argumentOf(type, data as string | undefined, args) },
      contextId,
      wrapperId,
      { guards: guarded === 'guarded', interceptors: true, filters: false },
      LIVE_CONTEXT,
    ) as Handler;
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
    const marks = (Reflect.getMetadata(ROUTE_ARGS_METADATA, type, name) ?? {}) as Record<string, { index: number }>;
    const length = (type.prototype as Record<string, Method | undefined>)[name]?.length ?? 0;
    const liveIndex = Math.max(length, ...Object.values(marks).map(({ index }) => index + 1));
    const carried = { index: liveIndex, data: undefined, pipes: [] };
    Reflect.defineMetadata(ARGUMENTS, { ...marks, [`${CARRIED}:${liveIndex}`]: carried }, type, name);
    return liveIndex;
  }
}

type Method = (this: object, ...args: unknown[]) => unknown;

/** Parameter type of the carried interaction; no decorator uses it. */
const CARRIED = 299;

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

const argumentOf = (type: number, field: string | undefined, args: readonly unknown[]): unknown => {
  const live = args[3] as LiveContext;
  switch (type) {
    case PARAMETER.PAYLOAD:
      return field === undefined ? live.payload : fieldOf(live.payload, field);
    case PARAMETER.REQUEST:
      return args[0];
    case PARAMETER.RESPONSE:
      return args[1];
    case PARAMETER.HEADERS:
      return headersOf(args[0], field);
    case PARAMETER.LIVE:
      return live;
    case PARAMETER.CALLER:
      return live.caller;
    case CARRIED:
      return { live, call: args[5] as Call } satisfies Carried;
    default:
      return undefined;
  }
};

const headersOf = (request: unknown, name: string | undefined): unknown => {
  const { headers = {} } = request as { headers?: Record<string, unknown> };
  return name === undefined ? headers : headers[name.toLowerCase()];
};

const fieldOf = (payload: unknown, field: string): unknown => {
  if (typeof payload !== 'object' || payload === null || !Object.hasOwn(payload, field)) {
    return undefined;
  }
  const value = (payload as Record<string, unknown>)[field];
  return typeof value === 'string' && isFormEncoded(payload) ? new FormText(value) : value;
};
