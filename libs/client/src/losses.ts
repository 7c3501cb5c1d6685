import type { PendingEvent } from './pending-event.js';
import type { Told } from './session-port.js';
import type { WireError } from './wire.js';

/** What an instance has accepted, and what of it the server has lost. */
export interface Losses {
  readonly accepted: (event: PendingEvent) => void;
  /** It is gone; the first reason is the one that counts. */
  readonly lose: (error: WireError) => void;
  /** What there is to say of it, once. */
  readonly take: () => Told | undefined;
}

export const createLosses = (): Losses => {
  let names = new Set<string>();
  let lost: WireError | undefined;
  return {
    accepted({ event }) {
      if (event[0] !== '$') names.add(event);
    },
    lose(error) {
      lost ??= error;
    },
    take() {
      if (!lost) return;
      const told: Told = { type: 'state-lost', error: lost, names: [...names] };
      lost = undefined;
      names = new Set();
      return told;
    },
  };
};
