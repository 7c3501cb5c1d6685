import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { LimitsOptions } from 'nest-live';

import type { Flaw } from './flaws.js';

const MAIN = fileURLToPath(new URL('./target.main.js', import.meta.url));
const ANSWER_MS = 20_000;

/** Every order is answered with the vitals of the moment. */
export interface TargetOrder {
  readonly flaw?: Flaw;
  /** The instance that nobody but its owner may change. */
  readonly watch?: string;
}

export interface TargetVitals {
  readonly rssMiB: number;
  readonly heapMiB: number;
  /** Longest stall of the event loop since the last question, in milliseconds. */
  readonly maxLagMs: number;
  readonly unhandled: readonly string[];
  /** Lines since the last question. */
  readonly log: readonly string[];
  readonly polluted: readonly string[];
  readonly connections: number;
  readonly sizes: Readonly<Record<string, number>>;
  /** What is stored of the watched instance. */
  readonly canary: string;
}

/** The application that is attacked, in a process of its own. */
export class TargetProcess {
  static async start(limits: LimitsOptions): Promise<TargetProcess> {
    const child = fork(MAIN, [JSON.stringify(limits)], {
      execArgv: ['--expose-gc', '--no-warnings'],
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const late = setTimeout(() => child.kill('SIGKILL'), ANSWER_MS);
    const [said] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [{ port?: number }];
    clearTimeout(late);
    if (typeof said !== 'object' || said?.port === undefined) throw new Error('the target did not start');
    return new TargetProcess(child, said.port);
  }

  isUp = true;

  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {
    child.once('exit', () => (this.isUp = false));
  }

  /** @throws when the process has ended, or does not answer */
  ask(order: TargetOrder = {}): Promise<TargetVitals> {
    return new Promise((resolve, reject) => {
      const over = (act: () => void): void => {
        clearTimeout(late);
        this.child.off('message', heard).off('exit', gone);
        act();
      };
      const heard = (vitals: unknown): void => over(() => resolve(vitals as TargetVitals));
      const gone = (): void => over(() => reject(new Error('the target has ended')));
      const late = setTimeout(() => over(() => reject(new Error('the target does not answer'))), ANSWER_MS);
      if (!this.isUp) return gone();
      this.child.on('message', heard).on('exit', gone);
      this.child.send(order, (error) => error && gone());
    });
  }

  async stop(): Promise<void> {
    if (!this.isUp) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}
