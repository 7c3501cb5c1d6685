import type { Drain } from './drain.js';

export interface HealthSubject {
  readonly node: string;
  readonly backend: string;
  /** Asks the backend for a sign of life. */
  readonly check: () => Promise<void>;
  /** Code of what the backend has found wrong with itself though it answers. */
  readonly warning?: () => string | undefined;
}

export interface HealthOptions {
  /** How long the backend may be silent before the node is not ready, in milliseconds. @default 5_000 */
  readonly lossMs?: number;
  /** Time between two questions, in milliseconds. @default 1_000 */
  readonly everyMs?: number;
  readonly now?: () => number;
}

export interface HealthReport {
  readonly status: 'ok' | 'starting' | 'draining' | 'store-lost';
  readonly node: string;
  readonly backend: string;
  /** Code of a fault that does not keep the node from working yet, such as `BACKEND_EVICTS`. */
  readonly warning?: string;
}

/** What a load balancer wants to know: is the process alive, and should it get requests? */
export class Health {
  private readonly lossMs: number;
  private readonly everyMs: number;
  private readonly now: () => number;
  private timer?: NodeJS.Timeout;
  private asking = false;
  private heardAt?: number;

  constructor(
    private readonly subject: HealthSubject,
    private readonly drain: Drain,
    { lossMs = 5_000, everyMs = 1_000, now = () => performance.now() }: HealthOptions = {},
  ) {
    this.lossMs = lossMs;
    this.everyMs = everyMs;
    this.now = now;
  }

  /** Call it when the backend has started. */
  start(): void {
    this.heardAt = this.now();
    this.timer = setInterval(() => void this.ask(), this.everyMs).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** That this is answered at all says it: the event loop turns. */
  live(): HealthReport {
    return this.report('ok');
  }

  ready(): HealthReport {
    if (this.drain.isDraining) {
      return this.report('draining');
    }
    if (this.heardAt === undefined) {
      return this.report('starting');
    }
    return this.report(this.now() - this.heardAt > this.lossMs ? 'store-lost' : 'ok');
  }

  /** One question; a backend that never answers is asked no second one meanwhile. */
  async ask(): Promise<void> {
    if (this.asking) {
      return;
    }
    this.asking = true;
    try {
      await this.subject.check();
      this.heardAt = this.now();
    } catch {
      // Silence is the finding: `ready` tells it once it has lasted.
    } finally {
      this.asking = false;
    }
  }

  private report(status: HealthReport['status']): HealthReport {
    const { node, backend } = this.subject;
    const warning = this.subject.warning?.();
    return warning === undefined ? { status, node, backend } : { status, node, backend, warning };
  }
}
