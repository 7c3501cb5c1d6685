import type { RowSite } from './row-site.js';
import { isSame } from './value-text.js';

/** Lists that one viewer's memory holds; beyond, they are printed as ever. */
const MAX_LISTS = 16;
/** About what a value takes, with its place. */
const BYTES_PER_VALUE = 16;

export interface Rows {
  readonly site: RowSite;
  readonly list: readonly unknown[];
  readonly around: readonly unknown[];
  /** What the template prints for a row that has not been printed yet. */
  readonly print: (row: unknown, index: number) => string;
}

/** The rows of one list as they were printed last. */
interface Printed {
  readonly site: RowSite;
  readonly around: readonly unknown[];
  /** As many of each row as the site reads. */
  readonly values: readonly unknown[];
  /** Where the text of each row ends. */
  readonly ends: Int32Array;
  readonly text: string;
}

/** What one viewer was last shown of lists. It says nothing that its values do not: nobody has to keep it up to date. */
export class RowMemory {
  /** Nobody has room for what it would remember: lists are printed as ever. */
  rests = false;
  private lists: readonly Printed[] = [];
  private next: Printed[] = [];

  /** What it takes to remember it, about. */
  get bytes(): number {
    return this.lists.reduce((sum, { text, values }) => sum + text.length + values.length * BYTES_PER_VALUE, 0);
  }

  forget(): void {
    this.lists = [];
  }

  /** A render begins: what it does not print any more is forgotten. */
  begin(): void {
    this.next = [];
  }

  end(): void {
    this.lists = this.next;
    this.next = [];
  }

  /** What the template prints for all rows. */
  print(rows: Rows): string {
    const at = this.next.length;
    const before = this.lists.at(at);
    const isKnown = before?.site === rows.site && isAllSame(before.around, rows.around);
    const printed = printedAgain(rows, isKnown ? before : undefined);
    if (at < MAX_LISTS) this.next.push(printed);
    return printed.text;
  }
}

const isAllSame = (one: readonly unknown[], other: readonly unknown[]): boolean =>
  one.length === other.length && one.every((value, i) => isSame(value, other[i]));

const printedAgain = ({ site, list, around, print }: Rows, before: Printed | undefined): Printed => {
  const { width } = site;
  const last = list.length - 1;
  const values: unknown[] = [];
  const ends = new Int32Array(list.length);
  let text = '';
  /** A run of rows that are as they were: where their text is, and which row of it would be next. */
  let [from, to, known] = [0, 0, 0];
  for (let index = 0; index <= last; index += 1) {
    site.note(values, list[index], { index, last });
    const found = before ? rowIn(before, { values, at: index * width, near: known, width }) : -1;
    if (found < 0) {
      text += `${before ? before.text.slice(from, to) : ''}${print(list[index], index)}`;
      [from, to] = [0, 0];
      ends[index] = text.length;
      continue;
    }
    const start = found === 0 ? 0 : before!.ends[found - 1];
    if (start !== to) {
      text += before!.text.slice(from, to);
      from = start;
    }
    to = before!.ends[found];
    known = found + 1;
    ends[index] = text.length + to - from;
  }
  return { site, around, values, ends, text: flat(before ? text + before.text.slice(from, to) : text) };
};

interface Wanted {
  readonly values: readonly unknown[];
  readonly at: number;
  readonly near: number;
  readonly width: number;
}

/** The row that had the same values, as far as it is near: behind the last one found, or with one more or less between. */
const rowIn = ({ values: olds, ends }: Printed, { values, at, near, width }: Wanted): number => {
  for (const row of [near, near + 1, near - 1]) {
    if (row < 0 || row >= ends.length) continue;
    let i = 0;
    while (i < width && isSame(olds[row * width + i], values[at + i])) i += 1;
    if (i === width) return row;
  }
  return -1;
};

/** A text that was put together is kept in pieces, which take four times as much, until somebody searches it. */
const flat = (text: string): string => (/^/.test(text) ? text : '');
