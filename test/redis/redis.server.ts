import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from '../free-port.js';

export interface RedisServerOptions {
  /** When a write reaches the disk; without it nothing is written at all. */
  readonly appendfsync?: 'always' | 'everysec';
  /** Further lines of the configuration, as command line flags. */
  readonly flags?: readonly string[];
  /** Speaks TLS on its port, and nothing else. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** A real `redis-server` of one suite: free port, temporary folder, no client but the suite's own. */
export class RedisServer {
  static async start(options: RedisServerOptions = {}): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), options);
    await server.up();
    return server;
  }

  readonly folder = mkdtempSync(join(tmpdir(), 'nest-live-redis-'));
  private child?: ChildProcess;

  private constructor(
    readonly port: number,
    private readonly options: RedisServerOptions,
  ) {}

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts the process (again) on the same port and folder. */
  async up(): Promise<void> {
    const { appendfsync, flags = [], tls } = this.options;
    const port = String(this.port);
    const listens = tls
      ? ['--port', '0', '--tls-port', port, '--tls-cert-file', tls.cert, '--tls-key-file', tls.key]
      : ['--port', port];
    const secured = tls ? ['--tls-ca-cert-file', tls.cert, '--tls-auth-clients', 'no'] : [];
    const durable = appendfsync ? ['--appendonly', 'yes', '--appendfsync', appendfsync] : ['--appendonly', 'no'];
    const child = spawn(
      process.env.NEST_LIVE_REDIS_SERVER ?? 'redis-server',
      [...listens, ...secured, '--bind', '127.0.0.1', '--dir', this.folder, '--save', '', ...durable, ...flags],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.child = child;
    await new Promise<void>((resolve, reject) => {
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('Ready to accept connections')) resolve();
      });
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}: ${said}`)));
    });
  }

  /** Sends a signal: `SIGKILL` ends it at once, `SIGSTOP` and `SIGCONT` hold it. */
  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  /** Ends the process and waits for it. */
  async down(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGCONT');
    child.kill(signal);
    await ended;
  }

  async stop(): Promise<void> {
    await this.down('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
