import { show } from './command.mjs';
import { isOnPath } from './on-path.mjs';

/** Whether a `redis-server` can be started. */
export const onPath = () => isOnPath('redis-server');

/**
 * Makes sure that the tests can have a Redis: `REDIS_URL`, a `redis-server` on the path, or Debian's package when this
 * is root. Says why when there is none; the tests that need it then skip, or fail where `CI` is set.
 */
export async function ensureRedis() {
  if (process.env.REDIS_URL || onPath()) return true;
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    console.log('Installing redis-server with apt-get …');
    await show('apt-get', ['update', '--quiet=2']);
    await show('apt-get', ['install', '--yes', '--quiet=2', '--no-install-recommends', 'redis-server']);
  }
  if (onPath()) return true;
  console.error('No Redis for the tests: install redis-server or set REDIS_URL.');
  return false;
}
