import { Injectable } from '@nestjs/common';

import { LiveError } from '../errors/live-error.js';

interface Line {
  waiting: number;
  last: Promise<unknown>;
}

/** First in, first out, per instance; different instances run side by side. Entries vanish with their last task. */
@Injectable()
export class InstanceQueue {
  private readonly lines = new Map<string, Line>();

  /** @throws LiveError `TOO_MANY_IN_FLIGHT` when `limit` tasks already wait */
  async run<T>(id: string, limit: number, task: () => Promise<T>): Promise<T> {
    const line = this.lines.get(id) ?? { waiting: 0, last: Promise.resolve() };
    if (line.waiting >= limit) {
      throw new LiveError('TOO_MANY_IN_FLIGHT', `${limit} interactions already wait for one instance`, {
        retryAfterMs: 250,
      });
    }
    this.lines.set(id, line);
    line.waiting += 1;
    const mine = line.waiting === 1 ? task() : line.last.then(task, task);
    line.last = mine;
    try {
      return await mine;
    } finally {
      line.waiting -= 1;
      if (line.waiting === 0) {
        this.lines.delete(id);
      }
    }
  }

  /** Whether something of this instance waits or runs on this node. */
  isBusy(id: string): boolean {
    return this.lines.has(id);
  }

  /** Tasks that wait or run, over all instances. */
  get depth(): number {
    let tasks = 0;
    for (const { waiting } of this.lines.values()) {
      tasks += waiting;
    }
    return tasks;
  }

  get size(): number {
    return this.lines.size;
  }
}
