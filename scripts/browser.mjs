import { existsSync } from 'node:fs';

import { capture, show } from './command.mjs';

const SYSTEM_CHROMIUM = '/usr/bin/chromium';

const starts = async (path) => (await capture(path, ['--version', '--no-sandbox'])).code === 0;

async function bundledChromium() {
  const { default: chromium } = await import('@sparticuz/chromium');
  return chromium.executablePath();
}

async function installChromium() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  console.log('Installing chromium with apt-get …');
  if ((await show('apt-get', ['update', '--quiet=2'])) !== 0) return false;
  return (await show('apt-get', ['install', '--yes', '--quiet=2', '--no-install-recommends', 'chromium'])) === 0;
}

/**
 * Makes sure that the browser tests have a Chromium that starts: `CHROMIUM_PATH`, the one from npm, or the system's.
 * Says why when there is none; the browser tests then fail by themselves.
 */
export async function ensureBrowser() {
  if (process.env.CHROMIUM_PATH) return;
  const failure = await bundledChromium().then(
    async (path) => ((await starts(path)) ? undefined : `${path} does not start`),
    (error) => error.message,
  );
  if (failure === undefined) return;

  if (existsSync(SYSTEM_CHROMIUM) || (await installChromium())) {
    process.env.CHROMIUM_PATH = SYSTEM_CHROMIUM;
    return;
  }
  console.error(`No Chromium for the browser tests: ${failure}. Install one and set CHROMIUM_PATH to it.`);
}
