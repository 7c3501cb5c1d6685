/** What a callback is called with. */
export interface LiveCallbackCall<T = unknown> {
  readonly instance: string;
  readonly event: string;
  readonly data: T;
}

/** A function of the server that is told of an instance's event. */
export type LiveCallback<T = unknown> = (data: T, call: LiveCallbackCall<T>) => unknown;

/** One registration of a callback. */
export interface CallbackEntry {
  readonly callback: LiveCallback;
  /** Taken back: calls that still wait are not made. */
  isOver: boolean;
}

/** How a call ended: well, or with what it threw. */
export type CallEnded = (call: LiveCallbackCall, failure?: { readonly error: unknown }) => void;

/** Calls waiting for one instance; beyond, a new one is refused. */
const MAX_WAITING = 1_000;

/** The calls for one instance: one after the other, each within its time. */
export class CallbackLine {
  private waiting = 0;
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly timeoutMs: number,
    private readonly ended: CallEnded,
  ) {}

  /** @returns whether there was room for it */
  put(entry: CallbackEntry, call: LiveCallbackCall): boolean {
    if (this.waiting >= MAX_WAITING) {
      return false;
    }
    this.waiting += 1;
    this.last = this.last.then(async () => {
      this.waiting -= 1;
      if (entry.isOver) {
        return;
      }
      try {
        await this.within(async () => entry.callback(call.data, call));
        this.ended(call);
      } catch (error) {
        this.ended(call, { error });
      }
    });
    return true;
  }

  /** Gives up waiting for a call that takes too long, so that the next one has its turn. The call itself goes on. */
  private within(task: () => Promise<unknown>): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = (): void => reject(new Error(`the callback took longer than ${this.timeoutMs} ms`));
      const timer = this.timeoutMs > 0 ? setTimeout(late, this.timeoutMs).unref() : undefined;
      task()
        .then(() => resolve(), reject)
        .finally(() => clearTimeout(timer));
    });
  }
}
