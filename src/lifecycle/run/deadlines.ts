import { Injectable } from '@nestjs/common';

import { LiveError } from '../../errors/live-error.js';
import { isLater, type Soon } from '../../protocol/soon.js';
import type { LiveContext } from '../context/live.context.js';

interface Running {
  readonly ms: number;
  readonly ctx: LiveContext;
  expire(): void;
}

/** How often overdue tasks are looked for, in milliseconds: one timer for all, because one for each costs more than a handler. */
const LOOK_MS = 50;

/** Gives up on tasks that take too long. */
@Injectable()
export class Deadlines {
  private readonly running = new Set<Running>();
  private timer?: NodeJS.Timeout;

  /**
   * Gives up on a task of which nothing was heard for `ms` milliseconds: it began, or it has shown a preview. The task itself goes on, on its own copy of the state: its late result
   * is nobody's, and `ctx.signal` tells it so.
   * What needs no waiting cannot be given up on, and is not kept here.
   * @throws LiveError `HANDLER_TIMEOUT`
   */
  within<T>(task: Soon<T>, ctx: LiveContext, ms: number): Soon<T> {
    return ms > 0 && isLater(task) ? this.limited(task, ctx, ms) : task;
  }

  private limited<T>(task: Promise<T>, ctx: LiveContext, ms: number): Promise<T> {
    ctx.begin();
    return new Promise<T>((resolve, reject) => {
      const entry: Running = {
        ms,
        ctx,
        expire: () => {
          const late = new LiveError('HANDLER_TIMEOUT', `"${ctx.definition.name}" took longer than ${ms} ms`);
          ctx.abort(late);
          reject(late);
        },
      };
      this.running.add(entry);
      this.timer ??= setInterval(() => this.look(), LOOK_MS);
      task.then(
        (value) => {
          this.running.delete(entry);
          resolve(value);
        },
        (error: unknown) => {
          this.running.delete(entry);
          // What was thrown goes on as it is, whatever it is.
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
          reject(error);
        },
      );
    });
  }

  /** Ends the timer once nothing runs any more, so that it keeps no process alive. */
  private look(): void {
    const now = performance.now();
    for (const entry of this.running) {
      if (entry.ctx.silentSince + entry.ms <= now) {
        this.running.delete(entry);
        entry.expire();
      }
    }
    if (this.running.size === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
    }
  }
}
