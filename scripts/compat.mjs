import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { show } from './command.mjs';
import { ensureCompatPackages } from './compat-packages.mjs';
import { writeCompatTable } from './compat-table.mjs';
import { ensureInstalled } from './installation.mjs';
import { ROOT } from './root.mjs';

const REPORT = join(ROOT, 'node_modules/.cache/nest-live/compat.json');

ensureInstalled();
ensureCompatPackages();
mkdirSync(dirname(REPORT), { recursive: true });
rmSync(REPORT, { force: true });
const jest = [
  '--no-warnings',
  '--experimental-vm-modules',
  'node_modules/jest/bin/jest.js',
  '--verbose',
  'test/compat',
];
process.exitCode = await show(process.execPath, jest, {
  env: { ...process.env, COMPAT: 'all', COMPAT_REPORT: REPORT },
});
if (existsSync(REPORT)) await writeCompatTable(REPORT);
