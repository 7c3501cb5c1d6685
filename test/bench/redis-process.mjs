import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { onPath } from '../../scripts/redis.mjs';
import { hasSchedstat, schedstatOf } from './cpu.mjs';

const FSYNC = ['everysec', 'always'];

/** A Redis of the benchmark's own, or the one at `REDIS_URL` under a prefix of its own. */
export class RedisProcess {
  /**
   * The servers this machine can have, one for each `appendfsync`; the settings of a Redis at `REDIS_URL` are its own.
   * @returns `{ name, start }` of each, or `{ name, skipped: reason }`
   */
  static kinds() {
    if (onPath()) {
      return FSYNC.map((appendfsync) => ({
        name: `Redis, appendfsync ${appendfsync}`,
        start: () => RedisProcess.start(appendfsync),
      }));
    }
    const { REDIS_URL } = process.env;
    if (REDIS_URL) return [{ name: 'Redis at REDIS_URL', start: async () => new RedisProcess(REDIS_URL) }];
    return [{ name: 'Redis', skipped: 'there is no redis-server on the path, and REDIS_URL is not set' }];
  }

  static async start(appendfsync) {
    const [port, folder] = [await freePort(), mkdtempSync(join(tmpdir(), 'nest-live-bench-'))];
    const settings = { port, bind: '127.0.0.1', dir: folder, save: '', appendonly: 'yes', appendfsync };
    const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const child = spawn('redis-server', flags, { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve, reject) => {
      let said = '';
      child.stdout.on('data', (chunk) => {
        said += chunk;
        if (said.includes('Ready to accept connections')) resolve();
      });
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}: ${said}`)));
    });
    return new RedisProcess(`redis://127.0.0.1:${port}`, { child, folder });
  }

  #own;

  constructor(url, own) {
    this.url = url;
    this.prefix = `nl-bench-${randomBytes(6).toString('hex')}:`;
    this.#own = own;
  }

  /** CPU time so far in microseconds, disk work of its threads included; `undefined` where it cannot be seen. */
  get cpuMicros() {
    return this.#own && hasSchedstat ? schedstatOf(this.#own.child.pid) / 1000 : undefined;
  }

  /** A server of others is left as it is; what was written there ends by its time to live. */
  async stop() {
    if (!this.#own) return;
    const { child, folder } = this.#own;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
