import type { Complaints } from './checkers.js';

export type Census = Readonly<Record<string, number>>;

/** Entries that may be there by chance: an event under way, a timer between two looks. */
const SLACK = 3;
const SHARE = 1.05;

/** What was there before anybody came is all that is there after they have gone, within 5 %. */
export const checkBack = (before: Census, after: Census, mayGrow: readonly RegExp[] = []): Complaints =>
  Object.entries(after).flatMap(([name, size]) => {
    const was = before[name] ?? 0;
    if (size <= was * SHARE + SLACK || mayGrow.some((each) => each.test(name))) return [];
    return [`leak: ${name} has ${size} entries, ${was} before`];
  });

export interface Sample {
  /** What has been done so often. */
  readonly done: number;
  readonly size: number;
}

/** Growth per thousand, by least squares over all samples: one late collection of garbage is no leak. */
export const slopeOf = (samples: readonly Sample[]): number => {
  const mean = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length;
  const [x, y] = [mean(samples.map(({ done }) => done)), mean(samples.map(({ size }) => size))];
  const over = samples.reduce((sum, { done, size }) => sum + (done - x) * (size - y), 0);
  const under = samples.reduce((sum, { done }) => sum + (done - x) ** 2, 0);
  return under === 0 ? 0 : (over / under) * 1_000;
};
