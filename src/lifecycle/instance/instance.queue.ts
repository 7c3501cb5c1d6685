import { Injectable } from '@nestjs/common';

import { LiveError } from '../../errors/live-error.js';
import { isLater, type Soon } from '../../protocol/soon.js';

/** What waits behind the one that runs, each by what begins it. */
type Line = (() => void)[];

/**
 * First in, first out, per instance; different instances run side by side. One that has waited begins when the one before it
 * has been answered, too. Entries vanish with their last task.
 */
@Injectable()
export class InstanceQueue {
  /** Of instances whose task goes on after this turn of the loop, or for whose end another one waits. */
  private readonly lines = new Map<string, Line>();
  /** Instances whose task runs in this very turn, the innermost last: most are over with it, and never come to have a line. */
  private readonly atOnce: string[] = [];

  /**
   * Runs a task in its turn: where nothing runs, that is at once.
   * @throws LiveError `TOO_MANY_IN_FLIGHT` when `limit` tasks already wait
   */
  run<T>(id: string, limit: number, task: () => Soon<T>): Soon<T> {
    const line = this.isBusy(id) ? this.line(id) : undefined;
    if ((line ? line.length + 1 : 0) >= limit) {
      throw new LiveError('TOO_MANY_IN_FLIGHT', `${limit} interactions already wait for one instance`, {
        retryAfterMs: 250,
      });
    }
    return line ? new Promise<void>((begin) => line.push(begin)).then(() => this.work(id, task)) : this.work(id, task);
  }

  private work<T>(id: string, task: () => Soon<T>): Soon<T> {
    this.atOnce.push(id);
    let value: Soon<T> | undefined;
    try {
      value = task();
      if (!isLater(value)) {
        return value;
      }
      this.line(id);
      return Promise.resolve(value).finally(() => this.next(id));
    } finally {
      this.atOnce.pop();
      if (!isLater(value)) this.next(id);
    }
  }

  private line(id: string): Line {
    let line = this.lines.get(id);
    if (!line) {
      this.lines.set(id, (line = []));
    }
    return line;
  }

  private next(id: string): void {
    const begin = this.lines.get(id)?.shift();
    if (begin) {
      // What goes on from the task that has ended, to its answer, comes first.
      setImmediate(begin);
    } else {
      this.lines.delete(id);
    }
  }

  /** Whether something of this instance waits or runs on this node. */
  isBusy(id: string): boolean {
    return this.lines.has(id) || this.atOnce.includes(id);
  }

  /** Tasks that wait or run, over all instances. */
  get depth(): number {
    let tasks = this.atOnce.filter((id) => !this.lines.has(id)).length;
    for (const { length } of this.lines.values()) {
      tasks += length + 1;
    }
    return tasks;
  }

  /** Instances of which something waits or goes on. */
  get size(): number {
    return this.lines.size;
  }
}
