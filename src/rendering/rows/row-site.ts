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

/** A block over rows in a template, whose rows need not be printed again while all that it reads is the same. */
export class RowSite {
  /** How many values stand for one row: one at least, which also tells whether its kind is known. */
  readonly width: number;
  private readonly readsNothing: boolean;

  constructor(readonly reads: RowReads) {
    const { fields, isWhole, isNumbered, hasEdges } = reads;
    const read = fields.length + (isWhole ? 1 : 0) + (isNumbered ? 1 : 0) + (hasEdges ? 1 : 0);
    this.readsNothing = read === 0;
    this.width = read || 1;
  }

  /** Values of what is around the block. */
  around({ context, root }: Around): readonly unknown[] {
    const { around, root: fields } = this.reads;
    return [...valuesOf(context, around), ...valuesOf(root, fields)];
  }

  /** What stands for a row, put down from there on. */
  note(values: unknown[], at: number, row: unknown, place: RowPlace): void {
    const { fields, isWhole, isNumbered, hasEdges } = this.reads;
    let next = at;
    if (!this.isKnown(row)) {
      while (next < at + this.width) values[next++] = UNKNOWN;
      return;
    }
    for (const field of fields) values[next++] = standIn((row as Record<string, unknown>)[field]);
    if (isWhole) values[next++] = standIn(row);
    if (isNumbered) values[next++] = place.index;
    if (hasEdges) values[next++] = edgeOf(place);
    if (this.readsNothing) values[next] = true;
  }

  /** Whether what would be put down for a row stands there already. */
  isNoted(values: readonly unknown[], at: number, row: unknown, place: RowPlace): boolean {
    const { fields, isWhole, isNumbered, hasEdges } = this.reads;
    if (values[at] === UNKNOWN || !this.isKnown(row)) return false;
    let next = at;
    for (let i = 0; i < fields.length; i += 1) {
      if (!standsFor(values[next++], (row as Record<string, unknown>)[fields[i]])) return false;
    }
    if (isWhole && !standsFor(values[next++], row)) return false;
    if (isNumbered && values[next++] !== place.index) return false;
    return !hasEdges || values[next] === edgeOf(place);
  }

  /** A row that is no object may be taken for what is around it, and what is around it for the row. */
  private isKnown(row: unknown): boolean {
    const { fields, around } = this.reads;
    const isObject = typeof row === 'object' && row !== null;
    return isObject ? isPlainData(row) : fields.length === 0 && around.length === 0;
  }
}

const edgeOf = ({ index, last }: RowPlace): string =>
  index === 0 ? (last === 0 ? 'only' : 'first') : index === last ? 'last' : 'between';

const valuesOf = (from: unknown, fields: readonly string[]): readonly unknown[] => {
  if (fields.length === 0) return [];
  if (typeof from !== 'object' || from === null || !isPlainData(from)) return [UNKNOWN];
  return fields.map((field) => standIn((from as Record<string, unknown>)[field]));
};
