import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

interface Start {
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What it says when it is ready; `said` is the first group. Without it nothing is waited for. */
  readonly ready?: RegExp;
}

const PATIENCE_MS = 60_000;

/** A program that a suite started, with all it started itself. */
export class Program {
  static async start({ command, args, folder, env, ready }: Start): Promise<Program> {
    const child = spawn(command, args, {
      // A group of its own, so that its children end with it.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      // Firefox refuses to be root in somebody else's home, and nothing of these runs is to stay in anybody's.
      env: { ...process.env, HOME: folder, XDG_RUNTIME_DIR: folder, XDG_CACHE_HOME: folder, ...env },
    });
    const program = new Program(child, `${command} ${args.join(' ')}`);
    if (ready) await program.waitFor(ready);
    return program;
  }

  /** What the ready line said. */
  said = '';
  private readonly killer = (): void => this.kill('SIGKILL');

  private constructor(
    private readonly child: ChildProcess,
    private readonly line: string,
  ) {
    process.once('exit', this.killer);
    child.once('error', () => undefined);
  }

  async stop(): Promise<void> {
    process.off('exit', this.killer);
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.kill('SIGTERM');
    const impatience = setTimeout(() => this.kill('SIGKILL'), 3_000);
    await ended;
    clearTimeout(impatience);
    // What it started may take longer than itself.
    this.kill('SIGKILL');
  }

  private kill(signal: NodeJS.Signals): void {
    try {
      process.kill(-(this.child.pid ?? NaN), signal);
    } catch {
      // The group has ended.
    }
  }

  private async waitFor(ready: RegExp): Promise<void> {
    const output: string[] = [];
    await new Promise<void>((resolve, reject) => {
      const fail = (reason: string): void =>
        reject(new Error(`${this.line}: ${reason}\n${output.join('').slice(-2_000)}`));
      const late = setTimeout(() => fail(`not ready after ${PATIENCE_MS} ms`), PATIENCE_MS);
      this.child.once('error', ({ message }) => fail(message));
      this.child.once('exit', (code) => fail(`ended with ${code}`));
      for (const stream of this.child.stdio.slice(1) as Readable[]) {
        stream.on('data', (chunk) => {
          output.push(String(chunk));
          const found = ready.exec(output.join(''));
          if (!found) return;
          clearTimeout(late);
          this.said = found[1] ?? '';
          resolve();
        });
      }
    }).catch(async (error: unknown) => {
      await this.stop();
      throw error;
    });
  }
}

/** A folder for what a program wants to keep, which nobody does. */
export const temporaryFolder = async (name: string): Promise<{ path: string; remove(): Promise<void> }> => {
  const path = await mkdtemp(join(tmpdir(), `nest-live-${name}-`));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
};
