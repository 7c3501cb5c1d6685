import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LiveSetupError } from '../errors/setup-error.js';

const KEY_BYTES = 32;

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException | undefined)?.code;

const read = (file: string): Buffer | null => {
  try {
    return Buffer.from(readFileSync(file, 'utf8').trim(), 'base64url');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
};

// A link appears whole or not at all: of two processes that start together one wins, and both read the winner's key.
const create = (folder: string, file: string): void => {
  mkdirSync(folder, { recursive: true });
  const draft = join(folder, `.key-${process.pid}-${randomBytes(6).toString('hex')}`);
  writeFileSync(draft, randomBytes(KEY_BYTES).toString('base64url'), { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
};

/**
 * The key of this working copy: made once, kept with mode 0600, so that a restart leaves open pages valid.
 * Throws `KEYS_MISSING` when it cannot be kept and `KEYS_WEAK` when the kept file is damaged.
 */
export const developmentKey = (
  folder: string = join(process.cwd(), 'node_modules', '.cache', 'nest-live'),
): Uint8Array => {
  const file = join(folder, 'key');
  let key: Buffer | null;
  try {
    key = read(file);
    if (!key) {
      create(folder, file);
      key = read(file);
    }
  } catch (error) {
    const why = codeOf(error) ?? 'unknown error';
    throw new LiveSetupError(
      'KEYS_MISSING',
      `The development key cannot be kept in ${file} (${why}). Set NEST_LIVE_KEYS.`,
    );
  }
  if (key?.length !== KEY_BYTES)
    throw new LiveSetupError('KEYS_WEAK', `The development key in ${file} is damaged. Delete it.`);
  return key;
};
