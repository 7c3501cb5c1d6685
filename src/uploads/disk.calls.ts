import { open, readFile, unlink } from 'node:fs/promises';

import { LiveError } from '../errors/live-error.js';

export const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException | undefined)?.code;

/** No room on the disk, or none for this user. */
export const isFull = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes(codeOf(error) ?? '');

/** What goes wrong with a disk passes: the disk is emptied, mounted again. */
export const unavailable = (cause: unknown): LiveError =>
  cause instanceof LiveError
    ? cause
    : new LiveError('STORE_UNAVAILABLE', `uploads cannot be kept: ${codeOf(cause) ?? String(cause)}`, {
        cause,
        retryAfterMs: isFull(cause) ? 5_000 : 1_000,
      });

/** @returns false when a file of that name is there already */
export const writeNew = async (path: string, text: string): Promise<boolean> => {
  let made = false;
  try {
    const file = await open(path, 'wx', 0o600);
    made = true;
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (!made && codeOf(error) === 'EEXIST') {
      return false;
    }
    if (made) {
      await drop(path);
    }
    throw unavailable(error);
  }
};

/** Null when there is no such file. */
export const textOf = async (path: string): Promise<string | null> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      return null;
    }
    throw unavailable(error);
  }
};

/** Gone afterwards, whether or not it was there. */
export const drop = async (path: string): Promise<void> => {
  try {
    await unlink(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') {
      throw unavailable(error);
    }
  }
};
