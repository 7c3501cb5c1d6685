export interface Suite {
  readonly name: string;
  readonly status: 'passed' | 'failed';
  readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
}
export function count(suites: readonly Suite[]): { passed: number; failed: number; skipped: number };
export function suitesToRunAgain(suites: readonly Suite[], most?: number): readonly string[];
export function withSecondRun(suites: readonly Suite[], again: readonly Suite[]): readonly Suite[];
