import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';

import { count, suitesToRunAgain, withSecondRun, type Suite } from '../../scripts/test-report.mjs';

const suite = (path: string, ...states: readonly string[]): Suite => ({
  name: join(process.cwd(), path),
  status: states.length === 0 || states.includes('failed') ? 'failed' : 'passed',
  assertionResults: states.map((status, place) => ({ status, fullName: `test ${place}` })),
});

describe('the report of npm test', () => {
  it('counts a suite that could not run as a failure', () => {
    const suites = [suite('src/a.spec.ts', 'passed', 'pending', 'todo'), suite('src/b.spec.ts')];
    expect(count(suites)).toEqual({ passed: 1, failed: 1, skipped: 2 });
  });

  it('says of a suite that runs again what its second run says', () => {
    const failing = suite('test/browser/a.spec.ts', 'failed', 'passed');
    const suites = [suite('src/a.spec.ts', 'passed'), failing];
    expect(suitesToRunAgain(suites)).toEqual(['test/browser/a.spec.ts']);
    expect(count(withSecondRun(suites, [suite('test/browser/a.spec.ts', 'passed', 'passed')])).failed).toBe(0);
    expect(count(withSecondRun(suites, [failing])).failed).toBe(1);
    expect(count(withSecondRun(suites, [suite('test/browser/a.spec.ts')])).failed).toBe(1);
  });

  it('runs nothing again where a suite without a browser failed, or many did', () => {
    const browser = suite('test/browser/a.spec.ts', 'failed');
    expect(suitesToRunAgain([browser, suite('src/a.spec.ts', 'failed')])).toEqual([]);
    expect(suitesToRunAgain([suite('test/bench/a.spec.ts', 'failed')])).toEqual(['test/bench/a.spec.ts']);
    expect(suitesToRunAgain([browser, browser, browser, browser, browser])).toEqual([]);
  });
});
