import type { CachedMount } from './cached-mount.js';

export interface Flight {
  readonly landed: Promise<CachedMount | null>;
  /** Hands the mount to everybody who waits; null sends them off to render for themselves. Only the first call counts. */
  land(mount: CachedMount | null): void;
}

/** Renders on their way: many mounts of one key at once wait for one. */
export class Flights {
  private readonly flying = new Map<string, Flight>();

  get(key: string): Flight | undefined {
    return this.flying.get(key);
  }

  begin(key: string): Flight {
    let settle: (mount: CachedMount | null) => void = () => undefined;
    const landed = new Promise<CachedMount | null>((resolve) => (settle = resolve));
    const flight: Flight = {
      landed,
      land: (mount) => {
        if (this.flying.get(key) === flight) {
          this.flying.delete(key);
        }
        settle(mount);
      },
    };
    this.flying.set(key, flight);
    return flight;
  }
}
