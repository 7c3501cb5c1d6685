import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';

export interface LoopLagOptions {
  /** Lag from which the node counts as late, in milliseconds; 0 never does. */
  readonly maxLagMs: number;
  /** How long it has to be late before it is overloaded, in milliseconds. */
  readonly forMs: number;
  /** Milliseconds of a clock that never jumps. */
  readonly now?: () => number;
}

const LOOK_MS = 250;
const RESOLUTION_MS = 20;
const NANOSECONDS = 1e6;

/**
 * Whether this process is too busy to take on more: its event loop has been late by more than `maxLagMs` for `forMs`.
 * A block of three seconds counts as two seconds of more than one. It is over as soon as the loop is in time again.
 */
export class LoopLag {
  /** Made when it starts: an application that does not start would never give it back. */
  private delays?: IntervalHistogram;
  private readonly now: () => number;
  private timer?: NodeJS.Timeout;
  private looked = 0;
  private lateSince?: number;
  private overloaded = false;

  constructor(private readonly options: LoopLagOptions) {
    this.now = options.now ?? (() => performance.now());
  }

  get isOverloaded(): boolean {
    return this.overloaded;
  }

  start(): void {
    this.delays ??= monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    this.delays.enable();
    this.looked = this.now();
    this.timer = setInterval(() => this.look(), LOOK_MS).unref();
  }

  stop(): void {
    this.delays?.disable();
    clearInterval(this.timer);
  }

  /** The longest delay since this was asked last, in milliseconds. */
  takeMax(): number {
    const max = (this.delays?.max ?? 0) / NANOSECONDS;
    this.delays?.reset();
    return Math.max(0, Math.round(max - RESOLUTION_MS));
  }

  /** One look at the clock: how late is this timer? */
  look(): void {
    const now = this.now();
    const lag = now - this.looked - LOOK_MS;
    this.looked = now;
    const { maxLagMs, forMs } = this.options;
    if (maxLagMs <= 0 || lag <= maxLagMs) {
      this.lateSince = undefined;
      this.overloaded = false;
      return;
    }
    this.lateSince ??= now - (lag - maxLagMs);
    this.overloaded = now - this.lateSince >= forMs;
  }
}
