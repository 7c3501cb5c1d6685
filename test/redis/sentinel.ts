import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from '../free-port.js';

/** A real Sentinel that watches one master under the name `nl`. */
export class Sentinel {
  static async start(masterPort: number): Promise<Sentinel> {
    const sentinel = new Sentinel(await freePort());
    const file = join(sentinel.folder, 'sentinel.conf');
    writeFileSync(
      file,
      `port ${sentinel.port}\nbind 127.0.0.1\ndir ${sentinel.folder}\nsentinel monitor nl 127.0.0.1 ${masterPort} 1\nsentinel down-after-milliseconds nl 2000\nsentinel failover-timeout nl 5000\n`,
    );
    sentinel.child = spawn('redis-server', [file, '--sentinel'], { stdio: 'ignore' });
    while (sentinel.ask('ping').trim() !== 'PONG') await new Promise((resolve) => setTimeout(resolve, 50));
    return sentinel;
  }

  private readonly folder = mkdtempSync(join(tmpdir(), 'nest-live-sentinel-'));
  private child?: ChildProcess;

  private constructor(readonly port: number) {}

  knowsReplica(): boolean {
    return this.ask('sentinel', 'replicas', 'nl').includes('slave-repl-offset');
  }

  failover(): void {
    this.ask('sentinel', 'failover', 'nl');
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (child && child.exitCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private ask(...words: string[]): string {
    return spawnSync('redis-cli', ['-p', String(this.port), ...words], { encoding: 'utf8' }).stdout;
  }
}
