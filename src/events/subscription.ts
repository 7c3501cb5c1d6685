import type { Subscription } from './event-bus.js';

/** A subscription of an adapter. Nobody has to look at `ready`: its failure alone ends no process. */
export const subscription = (end: () => void, ready: Promise<void> = Promise.resolve()): Subscription => {
  ready.catch(() => undefined);
  const made = () => end();
  made.ready = ready;
  return made;
};
