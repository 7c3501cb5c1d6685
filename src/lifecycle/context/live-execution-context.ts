import type { ExecutionContext } from '@nestjs/common';

import type { LiveContext } from './live.context.js';

/** The context type that guards, interceptors and filters see: `context.getType() === LIVE_CONTEXT`. */
export const LIVE_CONTEXT = 'live';

/** Position of the interaction among the arguments of Nest's pipeline: request, response, next, live, payload. */
const LIVE_ARGUMENT = 3;

/** Reads the interaction out of Nest's execution context, in the manner of `GqlExecutionContext`. */
export class LiveExecutionContext {
  static create(context: ExecutionContext): LiveExecutionContext {
    return new LiveExecutionContext(context);
  }

  private constructor(private readonly context: ExecutionContext) {}

  /** @throws TypeError outside a live interaction: ask `context.getType() === 'live'` first */
  getLive(): LiveContext {
    if (this.context.getType<string>() !== LIVE_CONTEXT) {
      throw new TypeError(
        `LiveExecutionContext was asked in a "${this.context.getType()}" context. Check context.getType() === 'live' first.`,
      );
    }
    return this.context.getArgByIndex<LiveContext>(LIVE_ARGUMENT);
  }

  getPayload<T = unknown>(): T {
    return this.getLive().payload as T;
  }
}
