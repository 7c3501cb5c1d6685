/** Values of so many rows stand in one list: of a longer one, an engine makes a copy in a slow way. */
const ROWS = 64;
const SHIFT = 6;

/** Rows that have the same names in the same order and nothing but primitives, their values one behind the other. */
export class RowTable {
  static of(rows: readonly object[]): RowTable | undefined {
    const names = Object.keys(rows[0]);
    const blocks: unknown[][] = [];
    for (let from = 0; from < rows.length; from += ROWS) {
      const values: unknown[] = [];
      for (const row of rows.slice(from, from + ROWS)) {
        if (!put(row, { names, values, from: values.length })) return undefined;
      }
      // A list that was added to has room for more.
      blocks.push(values.slice());
    }
    return new RowTable(names, blocks);
  }

  private constructor(
    private readonly names: readonly string[],
    private readonly blocks: readonly (readonly unknown[])[],
  ) {}

  /**
   * Whether an object is written as that row, if nothing but its members says how. The names that `in` gives are its own if the
   * last one is: those of a prototype come behind them.
   * @param hasOwn nothing has a prototype with such names
   */
  has(row: object, place: number, hasOwn = false): boolean {
    const { names } = this;
    const values = this.blocks[place >> SHIFT];
    const from = (place % ROWS) * names.length;
    let n = 0;
    // eslint-disable-next-line no-restricted-syntax -- no other way to go along the members makes no list of them
    for (const name in row) {
      if (name !== names[n]) return false;
      // -0 is written as 0, and shown as -0.
      if (!Object.is((row as Record<string, unknown>)[name], values[from + n])) return false;
      n += 1;
    }
    return n === names.length && (hasOwn || n === 0 || Object.hasOwn(row, names[n - 1]));
  }

  /** Where each is, by its first member: in most lists no two have the same. */
  firsts(): ReadonlyMap<unknown, number> {
    const { names, blocks } = this;
    const firsts = new Map<unknown, number>();
    blocks.forEach((values, block) => {
      for (let at = 0; at < values.length; at += names.length) {
        firsts.set(values[at], block * ROWS + at / names.length);
      }
    });
    return firsts;
  }

  beginsAs(row: object, place: number): boolean {
    const values = this.blocks.at(place >> SHIFT);
    const at = (place % ROWS) * this.names.length;
    return values !== undefined && at < values.length && values[at] === this.firstOf(row);
  }

  firstOf(row: object): unknown {
    return (row as Record<string, unknown>)[this.names[0]];
  }

  /** With others in some places. Nothing where those have other names. */
  with(rows: ReadonlyMap<number, object>): RowTable | undefined {
    const { names } = this;
    const blocks = this.blocks.slice();
    const changed = new Map<number, unknown[]>();
    for (const [place, row] of rows) {
      const block = place >> SHIFT;
      const values = changed.get(block) ?? blocks[block].slice();
      if (!put(row, { names, values, from: (place % ROWS) * names.length })) return undefined;
      changed.set(block, values);
      blocks[block] = values;
    }
    return new RowTable(names, blocks);
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
