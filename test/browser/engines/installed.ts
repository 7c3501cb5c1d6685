import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { ChromiumEngine } from './chromium.engine.js';
import type { Engine, EngineName } from './engine.js';
import { FirefoxEngine } from './firefox.engine.js';
import { WebKitEngine } from './webkit.engine.js';

export interface Installed {
  readonly name: EngineName;
  readonly start: () => Promise<Engine>;
}

export interface Missing {
  readonly name: EngineName;
  readonly reason: string;
}

const onPath = (command: string): string | undefined =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, command))
    .find((path) => existsSync(path));

/** Debian puts it outside the path, below the name of the architecture and of the interface. */
const miniBrowser = (): string | undefined => {
  if (!existsSync('/usr/lib')) return undefined;
  return readdirSync('/usr/lib')
    .flatMap((folder) =>
      ['webkitgtk-6.0', 'webkit2gtk-4.1', 'webkit2gtk-4.0'].map((api) => join('/usr/lib', folder, api)),
    )
    .map((folder) => join(folder, 'MiniBrowser'))
    .find((path) => existsSync(path));
};

const firefox = (): Installed | Missing => {
  const command = process.env.FIREFOX_PATH ?? onPath('firefox-esr') ?? onPath('firefox');
  if (!command) return { name: 'firefox', reason: 'no firefox-esr on the path, and no FIREFOX_PATH' };
  return { name: 'firefox', start: () => FirefoxEngine.start(command) };
};

const webkit = (): Installed | Missing => {
  const [driver, display, browser] = [onPath('WebKitWebDriver'), onPath('Xvfb'), miniBrowser()];
  if (driver && display && browser) {
    return { name: 'webkit', start: () => WebKitEngine.start({ driver, display, browser }) };
  }
  const missing = [!driver && 'WebKitWebDriver', !browser && 'MiniBrowser', !display && 'Xvfb'].filter(Boolean);
  return { name: 'webkit', reason: `no ${missing.join(', no ')} (Debian: webkit2gtk-driver, xvfb)` };
};

/** The engines that tests are asked to run in; `BROWSERS=chromium,webkit` asks for some. */
export const engines = (): (Installed | Missing)[] => {
  const asked = (process.env.BROWSERS ?? '').split(',').filter(Boolean);
  const all = [{ name: 'chromium' as const, start: () => ChromiumEngine.start() }, firefox(), webkit()];
  return all.filter(({ name }) => asked.length === 0 || asked.includes(name));
};
