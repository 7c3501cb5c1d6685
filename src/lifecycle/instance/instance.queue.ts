import { Injectable } from '@nestjs/common';

import { LiveError } from '../../errors/live-error.js';
import { ended, type Soon } from '../../protocol/soon.js';

/** What waits behind the one that runs, each by what begins it. */
type Line = (() => void)[];

/**
 * First in, first out, per instance; different instances run side by side. One that has waited begins when the one before it
 * has been answered, too. Entries vanish with their last task.
 */
@Injectable()
export class InstanceQueue {
  private readonly lines = new Map<string, Line>();

  /**
   * Runs a task in its turn: where nothing runs, that is at once.
   * @throws LiveError `TOO_MANY_IN_FLIGHT` when `limit` tasks already wait
   */
  run<T>(id: string, limit: number, task: () => Soon<T>): Soon<T> {
    const line = this.lines.get(id);
    if ((line ? line.length + 1 : 0) >= limit) {
      throw new LiveError('TOO_MANY_IN_FLIGHT', `${limit} interactions already wait for one instance`, {
        retryAfterMs: 250,
      });
    }
    if (line) {
      return new Promise<void>((begin) => line.push(begin)).then(() => this.work(id, task));
    }
    this.lines.set(id, []);
    return this.work(id, task);
  }

  private work<T>(id: string, task: () => Soon<T>): Soon<T> {
    return ended(task, () => this.next(id));
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
    return this.lines.has(id);
  }

  /** Tasks that wait or run, over all instances. */
  get depth(): number {
    let tasks = 0;
    for (const { length } of this.lines.values()) {
      tasks += length + 1;
    }
    return tasks;
  }

  get size(): number {
    return this.lines.size;
  }
}
