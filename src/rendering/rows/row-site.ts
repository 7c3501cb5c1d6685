import type { RowReads } from './row-reads.js';
import { isPlainData, standIn, UNKNOWN } from './value-text.js';

interface Around {
  readonly context: unknown;
  readonly root: unknown;
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

  /** Puts down what stands for a row. */
  note(values: unknown[], row: unknown, { index, last }: { readonly index: number; readonly last: number }): void {
    const { fields, isWhole, isNumbered, hasEdges, around } = this.reads;
    const isObject = typeof row === 'object' && row !== null;
    // A row that is no object may be taken for what is around it, and what is around it for the row.
    if (isObject ? !isPlainData(row) : fields.length > 0 || around.length > 0) {
      for (let at = 0; at < this.width; at += 1) values.push(UNKNOWN);
      return;
    }
    for (const field of fields) {
      const value = (row as Record<string, unknown>)[field];
      values.push(typeof value === 'string' ? value : standIn(value));
    }
    if (isWhole) values.push(standIn(row));
    if (isNumbered) values.push(index);
    if (hasEdges) values.push(index === 0 ? (last === 0 ? 'only' : 'first') : index === last ? 'last' : 'between');
    if (this.readsNothing) values.push(true);
  }
}

const valuesOf = (from: unknown, fields: readonly string[]): readonly unknown[] => {
  if (fields.length === 0) return [];
  if (typeof from !== 'object' || from === null || !isPlainData(from)) return [UNKNOWN];
  return fields.map((field) => standIn((from as Record<string, unknown>)[field]));
};
