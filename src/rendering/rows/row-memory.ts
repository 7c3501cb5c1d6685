import type { RowPlace, RowSite } from './row-site.js';
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
  const place = { index: 0, last: list.length - 1 };
  const values = new Array<unknown>(list.length * width);
  const ends = new Int32Array(list.length);
  let text = '';
  /** A run of rows that are as they were: where their text is. */
  let [from, to] = [0, 0];
  /** Behind the last row that was looked at, and behind the last one that was found. */
  let [near, behind] = [0, 0];
  for (let index = 0; index < list.length; index += 1) {
    place.index = index;
    const row = list[index];
    const found = before ? rowIn(before, row, place, [near, behind, near + 1]) : -1;
    if (found < 0) {
      site.note(values, index * width, row, place);
      text += `${before ? before.text.slice(from, to) : ''}${print(row, index)}`;
      [from, to] = [0, 0];
      ends[index] = text.length;
      near += 1;
      continue;
    }
    const start = found === 0 ? 0 : before!.ends[found - 1];
    if (start !== to) {
      text += before!.text.slice(from, to);
      from = start;
    }
    to = before!.ends[found];
    near = behind = found + 1;
    ends[index] = text.length + to - from;
    for (let i = 0; i < width; i += 1) values[index * width + i] = before!.values[found * width + i];
  }
  return { site, around, values, ends, text: flat(before ? text + before.text.slice(from, to) : text) };
};

/** The one of these rows that had the same values. */
const rowIn = ({ site, values, ends }: Printed, row: unknown, place: RowPlace, near: readonly number[]): number => {
  for (const known of near) {
    if (known < ends.length && site.isNoted(values, known * site.width, row, place)) return known;
  }
  return -1;
};

/** A text that was put together is kept in pieces, which take four times as much, until somebody searches it. */
const flat = (text: string): string => (/^/.test(text) ? text : '');
