import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { ROOT } from '../architecture/source-tree.js';
import { freePort } from '../free-port.js';

const MAIN = join(ROOT, 'dist/apps/playground/src/main.js');

/** The playground as it is built, in a process that can be killed and started again at its address. */
export class PlaygroundProcess {
  static async start(): Promise<PlaygroundProcess> {
    const playground = new PlaygroundProcess(await freePort());
    await playground.start();
    return playground;
  }

  private child?: ChildProcess;

  private constructor(private readonly port: number) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const env = { ...process.env, PORT: String(this.port), NEST_LIVE_KEYS: `k1:${'suite'.repeat(12)}` };
    const child = fork(MAIN, { env, execArgv: [], silent: true });
    this.child = child;
    await new Promise<void>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`The playground ended with ${code}.`)));
      child.stdout!.once('data', () => resolve());
    });
  }

  /** As a power cut does it. */
  async kill(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
}
