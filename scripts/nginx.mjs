import { show } from './command.mjs';
import { isOnPath } from './on-path.mjs';

/** Makes sure that the tests can have an nginx where Debian's package can be had; the tests that need it skip otherwise. */
export async function ensureNginx() {
  if (isOnPath('nginx')) return true;
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    console.log('Installing nginx-light with apt-get …');
    await show('apt-get', ['update', '--quiet=2']);
    await show('apt-get', ['install', '--yes', '--quiet=2', '--no-install-recommends', 'nginx-light']);
  }
  if (isOnPath('nginx')) return true;
  console.error('No nginx for the tests of the files in docs/guides/behind-a-proxy.md: install nginx-light.');
  return false;
}
