import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

import { ROOT } from '../architecture/source-tree.js';

const HERE = join(ROOT, 'test/shutdown');

/** A node of its own: what a signal does to a process is seen in no other way. */
export class SlowProcess {
  static async start(drain: object = {}): Promise<SlowProcess> {
    const child = fork(join(HERE, 'slow.main.ts'), [], {
      execArgv: ['--no-warnings', '-C', '@nest-live/source', '--import', join(HERE, 'typescript.register.mjs')],
      env: { ...process.env, NODE_ENV: 'test', NEST_LIVE_KEYS: '', DRAIN: JSON.stringify(drain) },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const node = new SlowProcess(child);
    node.url = await new Promise((resolve, reject) => {
      child.once('message', ({ url }: { url: string }) => resolve(url));
      void node.ended.then((code) => reject(new Error(`ended with ${code}: ${node.said}`)));
    });
    return node;
  }

  url = '';
  said = '';
  readonly ended: Promise<number | string | null>;

  private constructor(private readonly child: ChildProcess) {
    this.ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (text: Buffer) => (this.said += text.toString()));
    }
  }

  signal(): void {
    this.child.kill('SIGTERM');
  }

  async end(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}
