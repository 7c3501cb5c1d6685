/** How many characters are the same at the beginning and, behind those, at the end of two texts. */
export interface SameEnds {
  readonly head: number;
  readonly tail: number;
}

export const sameAtBothEnds = (one: string, other: string): SameEnds => {
  const most = Math.min(one.length, other.length);
  const head = longest(most, (from, to) => one.slice(from, to) === other.slice(from, to));
  const [end, otherEnd] = [one.length, other.length];
  const tail = longest(
    most - head,
    (from, to) => one.slice(end - to, end - from) === other.slice(otherEnd - to, otherEnd - from),
  );
  return { head, tail };
};

const STEP = 32_768;

/** Compared in pieces, which become smaller where they are different. */
const longest = (most: number, isSame: (from: number, to: number) => boolean): number => {
  let at = 0;
  for (let step = STEP; step >= 1 && at < most;) {
    const to = Math.min(at + step, most);
    if (isSame(at, to)) at = to;
    else step >>= 3;
  }
  return at;
};
