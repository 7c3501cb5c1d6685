/** Rows that have the same names in the same order and nothing but primitives, their values one behind the other. */
export class RowTable {
  static of(rows: readonly object[]): RowTable | undefined {
    const names = Object.keys(rows[0]);
    const values: unknown[] = [];
    for (const row of rows) if (!put(row, { names, values, from: values.length })) return undefined;
    return new RowTable(names, values);
  }

  private constructor(
    private readonly names: readonly string[],
    private readonly values: readonly unknown[],
  ) {}

  /** Whether an object is written as that row, if nothing but its members says how. */
  has(row: object, place: number): boolean {
    const { names, values } = this;
    const given = Object.keys(row);
    if (given.length !== names.length) return false;
    // An engine makes this list faster than it looks up one name after the other.
    const members = Object.values(row) as unknown[];
    const from = place * names.length;
    for (let i = 0; i < names.length; i += 1) {
      if (given[i] !== names[i]) return false;
      const value = members[i];
      if (value !== values[from + i] || (value === 0 && 1 / value < 0)) return false;
    }
    return true;
  }

  /** Where each is, by its first member: in most lists no two have the same. */
  firsts(): ReadonlyMap<unknown, number> {
    const { names, values } = this;
    const firsts = new Map<unknown, number>();
    for (let at = 0; at < values.length; at += names.length) firsts.set(values[at], at / names.length);
    return firsts;
  }

  beginsAs(row: object, place: number): boolean {
    const at = place * this.names.length;
    return at < this.values.length && this.values[at] === this.firstOf(row);
  }

  firstOf(row: object): unknown {
    return (row as Record<string, unknown>)[this.names[0]];
  }

  /** With others in some places. Nothing where those have other names. */
  with(rows: ReadonlyMap<number, object>): RowTable | undefined {
    const { names } = this;
    const values = this.values.slice();
    for (const [place, row] of rows) if (!put(row, { names, values, from: place * names.length })) return undefined;
    return new RowTable(names, values);
  }
}

interface Place {
  readonly names: readonly string[];
  readonly values: unknown[];
  readonly from: number;
}

/** Nothing is put down of a row with other names. */
const put = (row: object, { names, values, from }: Place): boolean => {
  const given = Object.keys(row);
  if (given.length !== names.length || given.some((name, i) => name !== names[i])) return false;
  const members = Object.values(row) as unknown[];
  for (let i = 0; i < members.length; i += 1) values[from + i] = members[i];
  return true;
};
