import { LiveError } from '../errors/live-error.js';
import type { LiveContext } from './live.context.js';

/**
 * Gives up on a task after `ms` milliseconds. The task itself goes on, on its own copy of the state: its late result is
 * nobody's, and `ctx.signal` tells it so.
 * @throws LiveError `HANDLER_TIMEOUT`
 */
export const withDeadline = async <T>(
  task: Promise<T>,
  { ms, ctx }: { readonly ms: number; readonly ctx: LiveContext },
): Promise<T> => {
  if (ms <= 0) {
    return task;
  }
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new LiveError('HANDLER_TIMEOUT', `"${ctx.definition.name}" took longer than ${ms} ms`);
      ctx.abort(error);
      reject(error);
    }, ms);
  });
  try {
    return await Promise.race([task, late]);
  } finally {
    clearTimeout(timer);
  }
};
