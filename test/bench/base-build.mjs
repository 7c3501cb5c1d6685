import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ROOT } from '../../scripts/root.mjs';
import { ratioOf } from './rounds.mjs';

const run = (command, args, cwd) => {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr || stdout}`);
  return stdout.trim();
};

const COMPILE = `import('./test/bench/compile-servers.mjs').then(({ compileServers }) => compileServers())`;

const SERVERS = 'test/bench/servers';

/** An earlier revision, built in a git worktree of its own with this one's packages: its servers answer the same questions. */
export class BaseBuild {
  /** @throws Error for what is no revision, and for one that does not build */
  static make(revision) {
    const commit = run('git', ['rev-parse', '--verify', `${revision}^{commit}`], ROOT);
    const folder = mkdtempSync(join(tmpdir(), 'nest-live-base-'));
    run('git', ['worktree', 'add', '--detach', folder, commit], ROOT);
    const base = new BaseBuild(folder, commit.slice(0, 7));
    try {
      symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
      // What it cannot be asked yet is asked of it by the servers of today.
      cpSync(join(ROOT, SERVERS), join(folder, SERVERS), { recursive: true, force: false });
      run(process.execPath, ['--input-type=module', '-e', COMPILE], folder);
    } catch (error) {
      base.remove();
      throw error;
    }
    return base;
  }

  constructor(folder, name) {
    this.folder = folder;
    this.name = name;
    /** Where its compiled servers stand. */
    this.servers = join(folder, 'dist', SERVERS);
  }

  /** Whether this row was there then: servers of that day answer its questions. */
  measures(row) {
    return existsSync(join(this.folder, 'test/bench/rows', `${row}.mjs`));
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
    run('git', ['worktree', 'remove', '--force', this.folder], ROOT);
  }
}

const nameAtBase = (name) => `${name}, base`;

/** The targets, and behind each of ours the same one of the base; nothing more where there is no base. */
export const besideBase = (targets, base) =>
  base === undefined
    ? targets
    : targets.flatMap((target) =>
        target.isOurs ? [target, { ...target, name: nameAtBase(target.name), servers: base.servers }] : [target],
      );

/** What a target costs beside the base, round by round; nothing for what was not measured there. */
export const toBase = (results, name, figure) => {
  const theirs = results.get(nameAtBase(name))?.map(figure);
  return theirs?.every(Number.isFinite) && { toBase: ratioOf(results.get(name).map(figure), theirs) };
};
