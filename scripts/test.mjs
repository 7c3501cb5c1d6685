import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { ensureBuilt } from './build-output.mjs';
import { ensureBrowser } from './browser.mjs';
import { show } from './command.mjs';
import { ensureCompatPackages } from './compat-packages.mjs';
import { ensureEngines } from './engines.mjs';
import { ensureInstalled } from './installation.mjs';
import { ensureNginx } from './nginx.mjs';
import { ensureRedis } from './redis.mjs';
import { ROOT } from './root.mjs';
import { count, readReport, suitesThatCouldNotRun, suitesToRunAgain, testsOf, withSecondRun } from './test-report.mjs';

const REPORT = join(ROOT, 'node_modules/.cache/nest-live/jest-report.json');
const JEST = ['--no-warnings', '--experimental-vm-modules', 'node_modules/jest/bin/jest.js'];

function list(title, names) {
  if (names.length > 0) console.log(`\n${title}\n${names.map((name) => `  ${name}`).join('\n')}`);
}

function summarise(suites) {
  list('Failed', testsOf(suites, 'failed'));
  list('Could not run', suitesThatCouldNotRun(suites));
  list('Skipped', testsOf(suites, 'skipped'));
}

/** Runs jest, and resolves to its exit code and its suites. */
async function jest(...args) {
  mkdirSync(join(REPORT, '..'), { recursive: true });
  rmSync(REPORT, { force: true });
  const code = await show(process.execPath, [...JEST, '--json', `--outputFile=${REPORT}`, ...args], {
    // With --json jest also prints the whole report, which is in the file already.
    stdio: ['inherit', 'ignore', 'inherit'],
  });
  return { code, suites: readReport(REPORT) };
}

ensureInstalled();
ensureCompatPackages();
await ensureBrowser();
await ensureEngines();
await ensureRedis();
await ensureNginx();

const checked = await show(process.execPath, ['scripts/check.mjs']);
const built = ensureBuilt();

let { code, suites } = await jest(...process.argv.slice(2));
const again = suitesToRunAgain(suites ?? []);
if (again.length > 0) {
  const failed = testsOf(suites, 'failed');
  const second = await jest('--runInBand', '--runTestsByPath', ...again);
  code = second.code;
  suites = withSecondRun(suites, second.suites ?? []);
  list('Failed in the first run; what is not listed below as failed passed alone (a race to mend)', failed);
}
if (suites) summarise(suites);

const { passed, failed, skipped } = count(suites ?? []);
const complaints = [
  checked !== 0 && 'npm run check failed (see above)',
  !built && 'the build failed (see above)',
  !suites && 'jest wrote no report',
  suites && passed + failed === 0 && 'no test ran',
  code !== 0 && failed === 0 && `jest ended with code ${code}`,
].filter(Boolean);

list('Besides the tests', complaints);
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 || complaints.length > 0 ? 1 : 0;
