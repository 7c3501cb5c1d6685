import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { capture } from './command.mjs';

/** What each package puts on the path. MiniBrowser comes with WebKit's driver. */
const PACKAGES = { 'firefox-esr': 'firefox-esr', WebKitWebDriver: 'webkit2gtk-driver', Xvfb: 'xvfb' };

const onPath = (command) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, command)));

const missing = () => Object.keys(PACKAGES).filter((command) => !onPath(command));

/**
 * Firefox and WebKit beside Chromium, as Debian has them, when this is root. Says what is missing; the tests in that
 * engine are then skipped. `BROWSERS=chromium` asks for neither.
 */
export async function ensureEngines() {
  const asked = process.env.BROWSERS?.split(',') ?? ['firefox'];
  if (missing().length === 0 || !asked.some((name) => name !== 'chromium')) return;
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    const packages = missing().map((command) => PACKAGES[command]);
    console.log(`Installing ${packages.join(', ')} with apt-get …`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await capture('apt-get', ['update', '--quiet=2'], { env });
    for (const name of packages) {
      const { code, output } = await capture(
        'apt-get',
        ['install', '--yes', '--quiet=2', '--no-install-recommends', name],
        { env },
      );
      if (code !== 0) console.error(output.trim().split('\n').at(-1));
    }
  }
  for (const command of missing())
    console.error(`No ${command} (${PACKAGES[command]}): tests in its engine are skipped.`);
}
