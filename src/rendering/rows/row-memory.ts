import { applicationCalls } from '../../component/application-code.js';
import { type RowTexts, RowTextsWriter } from '../../texts/row-texts.js';
import type { Marks } from '../marks.js';
import { type Dynamic, Rendered } from '../rendered.js';
import type { RowPlace, RowSign, RowSite } from './row-site.js';
import { isSame } from './value-text.js';

/** Lists that one viewer's memory holds; beyond, they are printed as ever. */
const MAX_LISTS = 16;
/** Shorter lists are put together. */
const FEWEST_PIECES = 8;
/** So many have to be missed before it is worthwhile to know where each one was. */
const MISSED = 8;

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
  readonly signs: readonly RowSign[];
  readonly text: RowTexts;
}

/** Of the items of a list, those that nobody can have changed since: each is like the one that was shown under the same object. */
interface Known {
  readonly signs: readonly (object | undefined)[];
  readonly calls: number;
}

/** What one viewer was last shown of lists. It says nothing that its values do not: nobody has to keep it up to date. */
export class RowMemory {
  /** Nobody has room for what it would remember: lists are printed as ever. */
  rests = false;
  private lists: readonly Printed[] = [];
  private next: Printed[] = [];
  private marks?: Marks<Dynamic>;
  private known = new Map<readonly unknown[], Known>();

  /** What it takes to remember it, about. */
  get bytes(): number {
    return this.lists.reduce((sum, { text, signs, site }) => sum + text.length + signs.length * site.bytes, 0);
  }

  forget(): void {
    this.lists = [];
  }

  /**
   * Until code of the application runs.
   * @param signs of the items, flat data that equals each, which is the same object as long as the item says the same
   */
  know(list: readonly unknown[], signs: Known['signs']): void {
    if (!this.rests) this.known.set(list, { signs, calls: applicationCalls() });
  }

  /** Whoever is waited for now may change what is in the lists. */
  doubt(): void {
    if (this.known.size > 0) this.known = new Map();
  }

  /**
   * A render begins: what it does not print any more is forgotten.
   * @param marks for whoever puts long lists into what was printed
   */
  begin(marks?: Marks<Dynamic>): void {
    this.next = [];
    this.marks = marks;
  }

  end(): void {
    this.lists = this.next;
    this.next = [];
    this.marks = undefined;
  }

  /** What the template prints for all rows, or a mark for it. */
  print(rows: Rows): string {
    const at = this.next.length;
    const before = this.lists.at(at);
    const isKnown = before?.site === rows.site && isAllSame(before.around, rows.around);
    const known = rows.site.reads.isWhole ? undefined : this.known.get(rows.list);
    const printed = isKnown ? printedAgain(rows, before, known) : printedAnew(rows, known);
    if (at < MAX_LISTS) this.next.push(printed);
    const { texts } = printed.text;
    return this.marks && rows.site.isOutermost && texts.length >= FEWEST_PIECES
      ? this.marks.leave(Rendered.texts(texts))
      : texts.join('');
  }
}

const isAllSame = (one: readonly unknown[], other: readonly unknown[]): boolean =>
  one.length === other.length && one.every((value, i) => isSame(value, other[i]));

/** Nothing where the application may have changed it. */
const still = (known: Known | undefined): Known | undefined =>
  known?.calls === applicationCalls() ? known : undefined;

const printedAnew = ({ site, list, around, print }: Rows, before: Known | undefined): Printed => {
  const writer = new RowTextsWriter();
  const signs = list.map((row, index) => {
    writer.add(print(row, index));
    return still(before)?.signs[index] ?? site.note(row);
  });
  return { site, around, signs, text: writer.end() };
};

const printedAgain = ({ site, list, around, print }: Rows, before: Printed, known: Known | undefined): Printed => {
  const place = { index: 0, last: list.length - 1 };
  let now = still(known);
  const signs: RowSign[] = now ? (now.signs.slice() as RowSign[]) : [];
  const writer = new RowTextsWriter(before.text);
  /** Behind the last row that was looked at, and behind the last one that was found. */
  let [near, behind] = [0, 0];
  let missed = 0;
  let places: ReadonlyMap<object, number> | undefined;
  for (let index = 0; index < list.length; index += 1) {
    place.index = index;
    const same = now ? sameFrom(before, near, { signs: now.signs, place }) : 0;
    if (same > 0) {
      writer.keep(near, near + same);
      near = behind = near + same;
      index += same - 1;
      continue;
    }
    const row = list[index];
    const sign = now?.signs[index];
    let found = rowIn(before, { row, sign, place, near, behind });
    if (found < 0 && sign !== undefined && missed >= MISSED) {
      places ??= new Map(before.signs.map((known, at) => [known, at]));
      found = places.get(sign) ?? -1;
      if (found >= 0 && !isAt(before, found, { row, sign, place })) found = -1;
    }
    if (found < 0) {
      missed += 1;
      signs[index] = sign ?? site.note(row);
      writer.add(print(row, index));
      now = still(now);
      near += 1;
      continue;
    }
    signs[index] = sign ?? before.signs[found];
    writer.keep(found);
    near = behind = found + 1;
  }
  return { site, around, signs, text: writer.end() };
};

interface SameRows {
  readonly signs: Known['signs'];
  readonly place: RowPlace;
}

/** How many rows, from there on, are known to be those that stood together there. */
const sameFrom = (before: Printed, near: number, { signs, place }: SameRows): number => {
  const { signs: others, site } = before;
  if (!site.printsAllAlike({ index: near, last: others.length - 1 }, place)) return 0;
  const most = Math.min(signs.length - place.index, others.length - near);
  let same = 0;
  while (same < most && signs[place.index + same] === others[near + same]) same += 1;
  return same;
};

interface Sought {
  readonly row: unknown;
  readonly sign: object | undefined;
  readonly place: RowPlace;
}

/** The one of these rows that prints the same there. */
const rowIn = (before: Printed, sought: Sought & { readonly near: number; readonly behind: number }): number => {
  const { near, behind } = sought;
  if (isAt(before, near, sought)) return near;
  if (behind !== near && isAt(before, behind, sought)) return behind;
  return isAt(before, near + 1, sought) ? near + 1 : -1;
};

const isAt = ({ site, signs }: Printed, at: number, { row, sign, place }: Sought): boolean =>
  at < signs.length &&
  site.printsAlike({ index: at, last: signs.length - 1 }, place) &&
  ((sign !== undefined && signs[at] === sign) || site.isNoted(signs[at], row));
