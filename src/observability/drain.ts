import { Logger } from '@nestjs/common';

import { LiveError } from '../errors/live-error.js';

/** How a node ends. */
export interface DrainOptions {
  /**
   * All of it, in milliseconds: what is left then is cut, and a process that was told to stop by a signal ends.
   * @default 25_000
   */
  totalMs?: number;
  /** Time for what has begun to be answered, in milliseconds. @default 10_000 */
  workMs?: number;
  /** Over how long the clients of a full node spread their reconnects, in milliseconds; fewer clients take less. @default 5_000 */
  spreadMs?: number;
  /** How long a closed connection may take to say goodbye, in milliseconds. @default 1_000 */
  graceMs?: number;
}

export const resolveDrain = (options: DrainOptions = {}): Required<DrainOptions> => ({
  totalMs: 25_000,
  workMs: 10_000,
  spreadMs: 5_000,
  graceMs: 1_000,
  ...options,
});

/** A transport with clients of its own. */
export interface Draining {
  /** As the log says it: `sockets`. */
  readonly name: string;
  /** Clients that are still here. */
  readonly size: number;
  /** Asks them to go elsewhere within `spreadMs`. */
  ask(spreadMs: number): Promise<void>;
  /** Ends what is left, so that clients come back by themselves; resolves when nothing is, at the latest after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

const LOOK_MS = 10;
/** Reconnects per second that one node's clients cause elsewhere. */
const RECONNECTS_PER_SECOND = 100;

/**
 * The end of a node, in order: nothing new begins, clients are asked to go, what has begun is answered, then
 * connections are closed. Transports register themselves; whoever takes in work asks whether it still may.
 */
export class Drain {
  private readonly logger = new Logger('Live');
  private readonly transports: Draining[] = [];
  private readonly work: (() => number)[] = [];
  private readonly listeners: (() => void)[] = [];
  private endsAt = Infinity;
  private phase: 'serving' | 'draining' | 'closing' = 'serving';
  private watched?: { readonly signal: string; readonly onSignal: () => void; readonly timer: NodeJS.Timeout };

  constructor(
    private readonly options: Required<DrainOptions>,
    private readonly exit: (code: number) => void = (code) => process.exit(code),
  ) {}

  register(transport: Draining): void {
    this.transports.push(transport);
  }

  /** Counts work that has begun and has to be answered. */
  awaits(count: () => number): void {
    this.work.push(count);
  }

  /** Called when the node begins to end. */
  onBegin(listener: () => void): void {
    this.listeners.push(listener);
  }

  get isDraining(): boolean {
    return this.phase !== 'serving';
  }

  /** What may still be waited for, the last goodbye left out. */
  get leftMs(): number {
    return this.endsAt - performance.now();
  }

  get graceMs(): number {
    return this.options.graceMs;
  }

  /** @throws LiveError `DRAINING`: mounts, joins and handshakes from the first moment, events once connections close */
  admit(work: 'new' | 'begun'): void {
    if (this.phase === 'closing' || (this.phase === 'draining' && work === 'new')) {
      throw new LiveError('DRAINING', 'this node is about to stop', { retryAfterMs: 1_000 });
    }
  }

  /** @param signal what the process was told to stop by; without one, nothing ends but this application */
  async run(signal?: string): Promise<void> {
    if (this.isDraining) {
      return;
    }
    this.phase = 'draining';
    if (signal !== undefined) {
      this.watch(signal);
    }
    const { totalMs, spreadMs, graceMs } = this.options;
    this.endsAt = performance.now() + totalMs - graceMs;
    this.listeners.forEach((listener) => listener());
    const workMs = Math.min(this.options.workMs, Math.max(0, totalMs - graceMs));
    const spread = Math.min(spreadMs, workMs, Math.ceil((this.clients * 1_000) / RECONNECTS_PER_SECOND));
    const asked = Promise.all(this.transports.map((transport) => transport.ask(spread)));
    await atMost(asked, this.leftMs);
    await Promise.all([
      until(() => this.pending === 0, Math.min(workMs, this.leftMs)),
      until(() => this.clients === 0, Math.min(spread, this.leftMs)),
    ]);
    this.phase = 'closing';
    if (this.pending > 0) {
      this.logger.warn(`Draining: ${this.pending} interactions did not end within ${workMs} ms.`);
    }
    await Promise.all(this.transports.map((transport) => transport.close(graceMs)));
  }

  /** The application has ended in time: nobody has to be watched any more. */
  finish(): void {
    if (this.watched) {
      const { signal, onSignal, timer } = this.watched;
      clearTimeout(timer);
      process.removeListener(signal, onSignal);
      this.watched = undefined;
    }
  }

  private get pending(): number {
    return this.work.reduce((sum, count) => sum + count(), 0);
  }

  private get clients(): number {
    return this.transports.reduce((sum, { size }) => sum + size, 0);
  }

  /** Nest takes a signal once: a second one, and a shutdown without end, are seen here. */
  private watch(signal: string): void {
    const give = (why: string): void => {
      const rest = this.transports.map(({ name, size }) => `${size} ${name}`).join(', ');
      this.logger.error(`Stopped by ${why}: ${this.pending} interactions and ${rest || 'no connections'} were cut.`);
      this.exit(1);
    };
    const onSignal = (): void => give(`a second ${signal}`);
    const timer = setTimeout(() => give(`the limit of ${this.options.totalMs} ms`), this.options.totalMs).unref();
    process.on(signal, onSignal);
    this.watched = { signal, onSignal, timer };
  }
}

/** Looks again and again: what is waited for ends in many places. */
const until = async (reached: () => boolean, ms: number): Promise<void> => {
  const end = performance.now() + ms;
  while (!reached() && performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
};

const atMost = async (waiting: Promise<unknown>, ms: number): Promise<void> => {
  let alarm: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (alarm = setTimeout(resolve, Math.max(0, ms))));
  await Promise.race([waiting, late]).finally(() => clearTimeout(alarm));
};
