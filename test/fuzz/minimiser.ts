import type { Attack, Step } from './attack.js';

/** Whether these still bring the same thing about. */
export type StillFails = (attacks: readonly Attack[]) => Promise<boolean>;

const SMALLEST_CUT = 8;

/** Leaves out halves, quarters and so on, as long as the rest still fails. */
const without = async <T>(
  items: readonly T[],
  fails: (rest: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> => {
  let left = items;
  for (let size = Math.ceil(left.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < left.length && left.length > 1;) {
      const rest = [...left.slice(0, at), ...left.slice(at + size)];
      if (rest.length > 0 && (await fails(rest))) left = rest;
      else at += size;
    }
  }
  return left;
};

const shorter = async (text: string, fails: (text: string) => Promise<boolean>): Promise<string> => {
  let left = text;
  for (let size = Math.ceil(left.length / 2); size >= SMALLEST_CUT; size = Math.floor(size / 2)) {
    for (let at = 0; at < left.length;) {
      const rest = left.slice(0, at) + left.slice(at + size);
      if (await fails(rest)) left = rest;
      else at += size;
    }
  }
  return left;
};

/** The least of a batch that still fails: by attack, by step, then by characters. Stops at the deadline with what it has. */
export const minimise = async (
  attacks: readonly Attack[],
  fails: StillFails,
  deadline: number,
): Promise<readonly Attack[]> => {
  const inTime: StillFails = async (some) => performance.now() < deadline && fails(some);
  let least = await without(attacks, inTime);
  for (const [place] of least.entries()) {
    const withSteps = (steps: readonly Step[]): readonly Attack[] =>
      least.map((attack, index) => (index === place ? { ...attack, steps } : attack));
    least = withSteps(await without(least[place].steps, (steps) => inTime(withSteps(steps))));
    for (const [index, step] of least[place].steps.entries()) {
      if (typeof step !== 'string') continue;
      const withText = (text: string): readonly Attack[] =>
        withSteps(least[place].steps.map((each, other) => (other === index ? text : each)));
      least = withText(await shorter(step, (text) => inTime(withText(text))));
    }
  }
  return least;
};
