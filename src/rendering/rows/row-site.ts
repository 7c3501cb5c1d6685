import type { RowReads } from './row-reads.js';
import { isPlainData, standIn, standsFor, UNKNOWN } from './value-text.js';

interface Around {
  readonly context: unknown;
  readonly root: unknown;
}

/** The number of a row, and that of the last one. */
export interface RowPlace {
  readonly index: number;
  readonly last: number;
}

/** About what a value takes, with its place. */
const BYTES_PER_VALUE = 16;

/** Values of a row, as far as a template reads them. */
class NotedRow {
  constructor(readonly values: readonly unknown[]) {}
}

/** What stands for a row that was printed: its values, or flat data that equals it. */
export type RowSign = NotedRow | object;

/** A block over rows in a template, whose rows need not be printed again while all that it reads is the same. */
export class RowSite {
  /** @param isOutermost nobody is given what it prints before the template is through */
  constructor(
    readonly reads: RowReads,
    readonly isOutermost = false,
  ) {}

  /** What it takes to remember a row, about. */
  get bytes(): number {
    return (this.reads.fields.length + 1) * BYTES_PER_VALUE;
  }

  /** Values of what is around the block. */
  around({ context, root }: Around): readonly unknown[] {
    const { around, root: fields } = this.reads;
    return [...valuesOf(context, around), ...valuesOf(root, fields)];
  }

  note(row: unknown): RowSign {
    const { fields, isWhole } = this.reads;
    if (!this.isKnown(row)) return NOTHING_KNOWN;
    const values = fields.map((field) => standIn((row as Record<string, unknown>)[field]));
    if (isWhole) values.push(standIn(row));
    return new NotedRow(values);
  }

  /** Whether what is read of a row is what was read of the one that this stands for. */
  isNoted(sign: RowSign, row: unknown): boolean {
    const { fields, isWhole } = this.reads;
    if (sign === NOTHING_KNOWN || !this.isKnown(row)) return false;
    const values = sign instanceof NotedRow ? sign.values : undefined;
    for (let i = 0; i < fields.length; i += 1) {
      const noted = values ? values[i] : (sign as Record<string, unknown>)[fields[i]];
      if (!standsFor(noted, (row as Record<string, unknown>)[fields[i]])) return false;
    }
    return !isWhole || (values !== undefined && standsFor(values[fields.length], row));
  }

  /** Whether the same row is printed the same in both places. */
  printsAlike(one: RowPlace, other: RowPlace): boolean {
    const { isNumbered, hasEdges } = this.reads;
    return (!isNumbered || one.index === other.index) && (!hasEdges || edgeOf(one) === edgeOf(other));
  }

  /** The same of them and all that stand behind them, one beside the other. */
  printsAllAlike(one: RowPlace, other: RowPlace): boolean {
    const { isNumbered, hasEdges } = this.reads;
    return (!isNumbered && !hasEdges) || (one.index === other.index && (!hasEdges || one.last === other.last));
  }

  /** A row that is no object may be taken for what is around it, and what is around it for the row. */
  private isKnown(row: unknown): boolean {
    const { fields, around } = this.reads;
    const isObject = typeof row === 'object' && row !== null;
    return isObject ? isPlainData(row) : fields.length === 0 && around.length === 0;
  }
}

const NOTHING_KNOWN = new NotedRow([]);

const edgeOf = ({ index, last }: RowPlace): string =>
  index === 0 ? (last === 0 ? 'only' : 'first') : index === last ? 'last' : 'between';

const valuesOf = (from: unknown, fields: readonly string[]): readonly unknown[] => {
  if (fields.length === 0) return [];
  if (typeof from !== 'object' || from === null || !isPlainData(from)) return [UNKNOWN];
  return fields.map((field) => standIn((from as Record<string, unknown>)[field]));
};
