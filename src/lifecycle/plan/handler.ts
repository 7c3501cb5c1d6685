import { HttpException } from '@nestjs/common';
import { WsException } from '@nestjs/websockets';
import { isObservable, lastValueFrom } from 'rxjs';

import { refusedFields } from '../../component/refused-fields.js';
import { LiveError } from '../../errors/live-error.js';
import { after, caught, type Soon } from '../../protocol/soon.js';
import type { LiveContext } from '../context/live.context.js';
import { MethodRun } from './method.run.js';
import { ResponseFacade } from '../context/response-facade.js';

/** What is called through the pipeline: a hook or handler by method name, or nothing but the guards (`view`). */
export interface Call {
  readonly method: string | null;
  /** Handed to a first parameter without a decorator; what a client sends never is. */
  readonly argument?: unknown;
  /** Runs behind guards, interceptors and pipes, right before the method. */
  readonly prepare?: () => Soon<void>;
  /** Runs in the method's place, behind everything that may refuse, and decides whether `next` is run at all. */
  readonly around?: (live: LiveContext, next: () => unknown) => unknown;
  /** The server's own calls pass no guards: nobody asked. */
  readonly guarded: 'guarded' | 'unguarded';
}

/** An author's method. */
export type Method = (this: object, ...args: unknown[]) => unknown;

/** The method behind Nest's chain of guards, interceptors and pipes. */
export type Chain = (
  request: object,
  response: ResponseFacade,
  next: undefined,
  live: LiveContext,
  payload: unknown,
  call: Call,
) => Promise<unknown>;

/** How a method is called: directly where nobody stands before it, else through Nest's chain. */
export type Handler = (live: LiveContext, call: Call) => Soon<unknown>;

/** The author's filters alone: `thrown` is what they are asked about. */
export type Filters = (...args: [...Parameters<Chain>, thrown: () => unknown]) => Promise<unknown>;

/** What was thrown, as the author's filters have left it, and nothing else: it always rejects. */
const filtered = async (error: unknown, filters: Filters, args: Parameters<Chain>): Promise<never> => {
  // Filters may throw another error in this one's place. What they return cannot undo it: Nest takes a filter's
  // promise for an answer, and a refusal would pass for a success.
  const final = await filters(...args, () => error).then(
    () => error,
    (other: unknown) => other,
  );
  throw withPause(refusedUnreached(final, args[3], args[5]), args[1]);
};

const argumentsOf = (live: LiveContext, call: Call): Parameters<Chain> => [
  live.request,
  new ResponseFacade(),
  undefined,
  live,
  live.payload,
  call,
];

/** Through Nest's chain. */
export const chained =
  (chain: Chain, filters: Filters): Handler =>
  async (live, call) => {
    const args = argumentsOf(live, call);
    try {
      return await chain(...args);
    } catch (error) {
      return await filtered(error, filters, args);
    } finally {
      args[1].finish();
    }
  };

/** Nobody stands before the method and no parameter asks for anything: it is called, and that is all. */
export const direct = (method: Method | undefined, filters: Filters): Handler => {
  const handler: Handler = (live, call) => caught(called, thrown, { method, filters, live, call });
  directs.add(handler);
  return handler;
};

const directs = new WeakSet<Handler>();

/** Whether nobody stands before what it calls. */
export const isDirect = (handler: Handler): boolean => directs.has(handler);

interface Called {
  readonly method: Method | undefined;
  readonly filters: Filters;
  readonly live: LiveContext;
  readonly call: Call;
}

const called = ({ method, live, call }: Called): unknown =>
  after(perform(method, live, call, call.argument === undefined ? [] : [call.argument]), settled);

const thrown = (error: unknown, { filters, live, call }: Called): Promise<never> => {
  reach(call);
  const args = argumentsOf(live, call);
  return filtered(error, filters, args).finally(() => args[1].finish());
};

/** As Nest's chain does it: of a stream, the last value. */
const settled = (result: unknown): unknown => (isObservable(result) ? lastValueFrom(result) : result);

/** The author's method with what runs before and around it. */
export const perform = (
  method: Method | undefined,
  live: LiveContext,
  { prepare, around }: Call,
  args: unknown[],
): unknown => {
  const own = (): unknown => method?.apply(live.component, args);
  const within = around ?? alone;
  return prepare ? after(prepare(), () => within(live, own)) : within(live, own);
};

const alone = (_: LiveContext, next: () => unknown): unknown => next();

const runs = new WeakMap<Call, MethodRun>();

/** The method behind interceptors, each time they call it. */
export const run = (live: LiveContext, call: Call, method: () => unknown): unknown => {
  reach(call);
  const known = runs.get(call);
  return known ? known.run(live, method) : method();
};

/** A chain whose answer counts only where the method has come to its end. */
export const concluding =
  (chain: Chain): Chain =>
  async (...args) => {
    const [, , , { definition }, , call] = args;
    const begun = new MethodRun();
    runs.set(call, begun);
    const result = await chain(...args);
    const { method, prepare, around } = call;
    // Interceptors may say what they want of a question that runs nothing.
    if (method !== null || prepare || around) begun.conclude(`${definition.type.name}.${method ?? 'onMount'}`);
    return result;
  };

/** Calls whose own method was come to: nothing has refused them before. */
const reached = new WeakSet<Call>();

/** The call has come to the method itself. */
const reach = (call: Call): void => void reached.add(call);

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
