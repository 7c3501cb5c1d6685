import { setImmediate as turn } from 'node:timers/promises';

import { Logger } from '@nestjs/common';

import type { ComponentDefinition } from '../../component/definition.js';
import { Feature, type ClientNeeds, type LiveFeature } from '../../lifecycle/context/live-feature.js';
import type { LiveContext } from '../../lifecycle/context/live.context.js';

/** Has no name of its own. */
const AsyncGeneratorFunction = async function* () {}.constructor as FunctionConstructor;

/**
 * A handler that is an async generator shows the component at each `yield`, and is saved and answered once, when it has
 * ended. What it yields is not looked at; what it returns is what an ordinary handler would have returned.
 */
@Feature()
export class StreamingFeature implements LiveFeature {
  private readonly logger = new Logger('Live');

  client({ type, events }: ComponentDefinition): ClientNeeds | undefined {
    const methods = type.prototype as Record<string, unknown>;
    const streams = [...events.values()].some(({ method }) => methods[method] instanceof AsyncGeneratorFunction);
    return streams ? { modules: ['streaming'] } : undefined;
  }

  aroundHandler(ctx: LiveContext, next: () => unknown): unknown {
    const returned = next();
    return isAsyncGenerator(returned) ? this.play(ctx, returned) : returned;
  }

  private async play(ctx: LiveContext, generator: AsyncGenerator): Promise<unknown> {
    ctx.runOnce();
    const { signal } = ctx;
    try {
      for (;;) {
        const step = await unlessAborted(signal, () => generator.next());
        if (step.done) {
          return step.value;
        }
        await unlessAborted(signal, () => ctx.preview());
        // A generator that never waits would keep everybody else waiting, and its own client from confirming previews.
        await turn();
      }
    } catch (error) {
      this.close(ctx, generator);
      throw error;
    }
  }

  /** Lets its `finally` blocks run, as soon as what it waits for has come; nobody waits for them. */
  private close({ definition, event }: LiveContext, generator: AsyncGenerator): void {
    generator.return(undefined).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      this.logger.warn(`"${event}" of "${definition.name}" failed after it had been stopped: ${reason}`);
    });
  }
}

/** By what it can do: one that a compiler has made for an older language level is of no class of its own. */
const isAsyncGenerator = (value: unknown): value is AsyncGenerator => {
  if (value === undefined || value === null) {
    return false;
  }
  const { next, return: stop, [Symbol.asyncIterator]: iterate } = value as Partial<AsyncGenerator>;
  return [next, stop, iterate].every((method) => typeof method === 'function');
};

/** Stops waiting at once when the signal says so; what was begun goes on by itself. */
const unlessAborted = <T>(signal: AbortSignal, begin: () => Promise<T>): Promise<T> =>
  new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) {
      stop();
      return;
    }
    signal.addEventListener('abort', stop, { once: true });
    begin()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', stop));
  });
