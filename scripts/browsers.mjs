import { ensureBrowser } from './browser.mjs';
import { ensureBuilt } from './build-output.mjs';
import { show } from './command.mjs';
import { ensureEngines } from './engines.mjs';
import { ensureInstalled } from './installation.mjs';
import { ensureRedis } from './redis.mjs';

const JEST = ['--no-warnings', '--experimental-vm-modules', 'node_modules/jest/bin/jest.js'];

/** Every browser suite in each engine that it can drive; arguments narrow it, as jest's own. */
const asked = process.argv.slice(2);

ensureInstalled();
await ensureBrowser();
await ensureEngines();
await ensureRedis();

if (!ensureBuilt()) process.exit(1);
process.exitCode = await show(process.execPath, [...JEST, ...(asked.length > 0 ? asked : ['test/browser'])], {
  env: { ...process.env, EVERY_ENGINE: '1' },
});
