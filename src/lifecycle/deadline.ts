import { LiveError } from '../errors/live-error.js';
import type { LiveContext } from './live.context.js';

/**
 * Gives up on a task after `ms` milliseconds. The task itself goes on, on its own copy of the state: its late result is
 * nobody's, and `ctx.signal` tells it so.
 * @throws LiveError `HANDLER_TIMEOUT`
 */
export const withDeadline = <T>(
  task: Promise<T>,
  { ms, ctx }: { readonly ms: number; readonly ctx: LiveContext },
): Promise<T> => {
  if (ms <= 0) {
    return task;
  }
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => {
      const late = new LiveError('HANDLER_TIMEOUT', `"${ctx.definition.name}" took longer than ${ms} ms`);
      ctx.abort(late);
      reject(late);
    }, ms);
    task.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error as Error);
      },
    );
  });
};
