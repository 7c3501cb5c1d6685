/** Something that a start can see is wrong, and that would otherwise show when a visitor does something. */
export interface Mistake {
  /** `file:line:column`. */
  readonly place: string;
  readonly what: string;
}

/** The name that was probably meant: the same letters in another case, or few slips away. */
export const nearest = (
  name: string,
  names: Iterable<string>,
  most = name.length < 4 ? 1 : name.length < 8 ? 2 : 3,
): string | undefined => {
  let best: { readonly name: string; readonly slips: number } | undefined;
  for (const other of names) {
    const slips = other.toLowerCase() === name.toLowerCase() ? 0 : slipsBetween(name, other);
    if (other !== name && slips <= most && slips < (best?.slips ?? Infinity)) {
      best = { name: other, slips };
    }
  }
  return best?.name;
};

/** ` Did you mean "x"?`, else which names there are. */
export const instead = (name: string, names: Iterable<string>): string => {
  const all = [...new Set(names)];
  const near = nearest(name, all);
  return near === undefined ? ` There is: ${all.sort().join(', ') || 'nothing'}.` : ` Did you mean "${near}"?`;
};

/** Letters put in, left out, changed or swapped with their neighbour. */
const slipsBetween = (one: string, other: string): number => {
  let [before, last]: [number[], number[]] = [[], Array.from({ length: other.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const cost = one[i - 1] === other[j - 1] ? 0 : 1;
      row[j] = Math.min(row[j - 1] + 1, last[j] + 1, last[j - 1] + cost);
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
        row[j] = Math.min(row[j], before[j - 2] + 1);
      }
    }
    [before, last] = [last, row];
  }
  return last[other.length];
};
