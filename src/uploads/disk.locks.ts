import { randomBytes } from 'node:crypto';
import { rename, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';

import { LiveError } from '../errors/live-error.js';
import { drop, textOf, unavailable, writeNew } from './disk.calls.js';

/** A lock as its holder has it. */
export interface HeldLock {
  /** Gives it back; what somebody else holds by now stays theirs. */
  free(): Promise<void>;
  /** Says that its holder is still there. @throws LiveError `UPLOAD_INCOMPLETE` when it was taken for dead */
  touch(): Promise<void>;
}

/** How often a holder says that it is still there, in milliseconds. */
export const TOUCH_MS = 2_000;

/** A process that was started again may have the number of the one before. */
const PROCESS = randomBytes(9).toString('base64url');

/** Locks as files: one holder at a time among all processes that see the directory. */
export class DiskLocks {
  /** @param staleMs after this time without a touch the holder is taken for dead */
  constructor(private readonly staleMs: number) {}

  /** @throws LiveError `UPLOAD_INCOMPLETE` while somebody else holds it */
  async take(path: string): Promise<HeldLock> {
    const own = JSON.stringify([hostname(), process.pid, PROCESS, randomBytes(9).toString('base64url')]);
    if (!(await writeNew(path, own))) {
      if (await this.isHeld(path)) {
        throw busy();
      }
      await this.clearAway(path);
      return this.take(path);
    }
    const isOwn = async (): Promise<boolean> => (await textOf(path)) === own;
    const touch = async (): Promise<void> => {
      if (!(await isOwn())) {
        throw busy();
      }
      const now = new Date();
      await utimes(path, now, now).catch((error: unknown) => {
        throw unavailable(error);
      });
    };
    const free = async (): Promise<void> => {
      if (await isOwn()) {
        await drop(path);
      }
    };
    return { touch, free };
  }

  async isHeld(path: string): Promise<boolean> {
    const touched = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => undefined,
    );
    if (touched === undefined || Date.now() - touched > this.staleMs) {
      return false;
    }
    const text = await textOf(path);
    return text !== null && (text === '' || isAlive(JSON.parse(text) as Holder));
  }

  /** Of two that find it stale, one takes it away. */
  private async clearAway(path: string): Promise<void> {
    const away = `${path}.${randomBytes(6).toString('base64url')}`;
    try {
      await rename(path, away);
    } catch {
      throw busy();
    }
    await drop(away);
  }
}

type Holder = readonly [host: string, pid: number, name: string, once?: string];

/** Of another machine nothing is known but when it was there last. */
const isAlive = ([host, pid, name]: Holder): boolean => {
  if (host !== hostname()) {
    return true;
  }
  if (pid === process.pid) {
    return name === PROCESS;
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

const busy = (): LiveError =>
  new LiveError('UPLOAD_INCOMPLETE', 'another connection brings this file just now', { retryAfterMs: 1_000 });
