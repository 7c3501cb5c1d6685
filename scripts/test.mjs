import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
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

const REPORT = join(ROOT, 'node_modules/.cache/nest-live/jest-report.json');
const JEST = ['--no-warnings', '--experimental-vm-modules', 'node_modules/jest/bin/jest.js'];

/** A suite that could not even start has no failed test in the report, and must not look like a success. */
function count({ numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests, numTodoTests }) {
  return {
    passed: numPassedTests,
    failed: numFailedTests + numRuntimeErrorTestSuites,
    skipped: numPendingTests + numTodoTests,
  };
}

function* assertionsOf(report, ...states) {
  for (const suite of report.testResults) {
    for (const { status, fullName } of suite.assertionResults) {
      if (states.includes(status)) yield `${suite.name.slice(ROOT.length + 1)} › ${fullName}`;
    }
  }
}

function list(title, names) {
  if (names.length > 0) console.log(`\n${title}\n${names.map((name) => `  ${name}`).join('\n')}`);
}

function summarise(report) {
  list('Failed', [...assertionsOf(report, 'failed')]);
  list(
    'Could not run',
    report.testResults
      .filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0)
      .map(({ name }) => name.slice(ROOT.length + 1)),
  );
  list('Skipped', [...assertionsOf(report, 'pending', 'todo', 'disabled')]);
}

ensureInstalled();
ensureCompatPackages();
await ensureBrowser();
await ensureEngines();
await ensureRedis();
await ensureNginx();

const checked = await show(process.execPath, ['scripts/check.mjs']);
const built = ensureBuilt();

mkdirSync(join(REPORT, '..'), { recursive: true });
rmSync(REPORT, { force: true });
const tested = await show(process.execPath, [...JEST, '--json', `--outputFile=${REPORT}`, ...process.argv.slice(2)], {
  // With --json jest also prints the whole report, which is in the file already.
  stdio: ['inherit', 'ignore', 'inherit'],
});

const report = existsSync(REPORT) ? JSON.parse(readFileSync(REPORT, 'utf8')) : undefined;
if (report) summarise(report);

const { passed, failed, skipped } = report ? count(report) : { passed: 0, failed: 0, skipped: 0 };
const complaints = [
  checked !== 0 && 'npm run check failed (see above)',
  !built && 'the build failed (see above)',
  !report && 'jest wrote no report',
  report && passed + failed === 0 && 'no test ran',
  tested !== 0 && failed === 0 && `jest ended with code ${tested}`,
].filter(Boolean);

list('Besides the tests', complaints);
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 || complaints.length > 0 ? 1 : 0;
