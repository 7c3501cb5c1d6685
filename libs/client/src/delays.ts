/** Delayed calls of one component, the latest per key. */
export interface Delays {
  /** At once without a delay, in milliseconds. */
  later(key: unknown, ms: number | undefined, run: () => void): void;
  /** Runs at once what was waiting, in order. */
  readonly flush: () => void;
}

export const createDelays = (): Delays => {
  const waiting = new Map<unknown, { readonly timer: ReturnType<typeof setTimeout>; readonly run: () => void }>();

  const take = (key: unknown): (() => void) | undefined => {
    const { timer, run } = waiting.get(key) ?? {};
    clearTimeout(timer);
    waiting.delete(key);
    return run;
  };

  return {
    later(key, ms, run) {
      take(key);
      if (ms === undefined) run();
      else waiting.set(key, { timer: setTimeout(() => take(key)?.(), ms), run });
    },
    flush() {
      for (const key of [...waiting.keys()]) take(key)?.();
    },
  };
};
