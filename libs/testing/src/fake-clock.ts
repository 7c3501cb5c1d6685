/**
 * Time that the test moves: `Date.now()` and `performance.now()` of this process, on which tokens, sessions, limits and
 * stores count. Start it before the application, stop it after. Timers, and `new Date()` without an argument, keep the
 * real time.
 */
export class FakeClock {
  private static running?: FakeClock;

  /** @throws Error while another one runs: the time of a process is moved by one test at a time */
  static start(): FakeClock {
    if (FakeClock.running) {
      throw new Error('A FakeClock is running already: stop() it, or give it to LiveTest.create({ clock }).');
    }
    FakeClock.running = new FakeClock();
    return FakeClock.running;
  }

  private moved = 0;
  private readonly putBack: readonly (() => void)[];

  private constructor() {
    this.putBack = [this.shift(Date), this.shift(performance)];
  }

  /** Milliseconds since the epoch, as everybody sees them. */
  get now(): number {
    return Date.now();
  }

  /** Lets this much time pass at once. */
  advance(ms: number): void {
    if (!(ms >= 0)) {
      throw new RangeError(`Time goes forward: advance(${ms}).`);
    }
    this.moved += ms;
  }

  /** The real time again. */
  stop(): void {
    if (FakeClock.running === this) {
      this.putBack.forEach((undo) => undo());
      FakeClock.running = undefined;
    }
  }

  private shift(clock: { now(): number }): () => void {
    const own = Object.getOwnPropertyDescriptor(clock, 'now');
    const real = clock.now.bind(clock);
    Object.defineProperty(clock, 'now', { configurable: true, writable: true, value: () => real() + this.moved });
    return () => {
      if (own) {
        Object.defineProperty(clock, 'now', own);
      } else {
        delete (clock as Partial<typeof clock>).now;
      }
    };
  }
}
