import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

import { ROOT } from './root.mjs';

const STATES = { passed: ['passed'], failed: ['failed'], skipped: ['pending', 'todo', 'disabled'] };

/** What jest wrote of its suites, or nothing where it wrote no report. */
export function readReport(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).testResults : undefined;
}

const couldNotRun = ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0;

/** The full names of the tests that `passed`, `failed` or were `skipped`. */
export function testsOf(suites, outcome) {
  return suites.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => STATES[outcome].includes(status))
      .map(({ fullName }) => `${relative(ROOT, name)} › ${fullName}`),
  );
}

export function suitesThatCouldNotRun(suites) {
  return suites.filter(couldNotRun).map(({ name }) => relative(ROOT, name));
}

/** A suite that could not even start has no failed test in the report, and must not look like a success. */
export function count(suites) {
  return {
    passed: testsOf(suites, 'passed').length,
    failed: testsOf(suites, 'failed').length + suitesThatCouldNotRun(suites).length,
    skipped: testsOf(suites, 'skipped').length,
  };
}

/** The suites that drive real browsers and processes, and lose a race of their own when a machine stalls. */
const RACES = /^test\/(bench|browser|faults|proxy|redis|shutdown)\//;

/**
 * The suites to run once more, alone: those of real browsers and processes, as long as few failed. Nothing where
 * anything else failed: that is no matter of a busy machine.
 */
export function suitesToRunAgain(suites, most = 4) {
  const failed = suites.filter(({ status }) => status === 'failed').map(({ name }) => relative(ROOT, name));
  return failed.length <= most && failed.every((name) => RACES.test(name)) ? failed : [];
}

/** The suites, with what the second run says of those that it ran. */
export function withSecondRun(suites, again) {
  const second = new Map(again.map((suite) => [suite.name, suite]));
  return suites.map((suite) => second.get(suite.name) ?? suite);
}
