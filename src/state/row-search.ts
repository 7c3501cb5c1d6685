import { hasItemsAlone } from './plain-json.js';
import type { RowTable } from './row-table.js';

/** So many have to be missed before it is worthwhile to know where each one was. */
const MISSED = 8;

/** Rows that stand together: as they stood before, or new ones, as they stand in the list that was looked through. */
export interface RowRun {
  readonly isNew: boolean;
  readonly from: number;
  to: number;
}

/** What was found in a list. */
export interface FoundRows {
  /** One behind the other, all of the list. */
  readonly runs: readonly RowRun[];
  /** For each item the row that it is written like: as long as it does not change, it is that object. */
  readonly rows: readonly (object | undefined)[];
  /** How many items are new. */
  readonly news: number;
}

/** Finds, of rows that nobody can have changed, the one that another is written like in every character. */
export class RowSearch {
  /** Behind the last row that was looked at, and behind the last one that was found. */
  private near = 0;
  private behind = 0;
  private missed = 0;
  /** Of bare objects, which are all that is looked at. */
  private readonly haveOwn = Object.keys(Object.prototype).length === 0;
  private places?: ReadonlyMap<unknown, number>;

  /**
   * @param given what was handed out in place of the rows, as far as somebody still holds it: a hint, and no more
   * @param table the same rows, where they are alike
   */
  constructor(
    private readonly rows: readonly object[],
    private readonly given: readonly unknown[] = [],
    private readonly table?: RowTable,
  ) {}

  /**
   * @param isWritten the list is written next: an item with a symbol, which is not written, counts as new
   * @param most so many may be new. @returns nothing where more are
   */
  foundIn(list: readonly unknown[], isWritten: boolean, most = Infinity): FoundRows | undefined {
    const rows = new Array<object | undefined>(list.length);
    const runs: RowRun[] = [];
    let run: RowRun | undefined;
    let news = 0;
    for (let i = 0; i < list.length; i += 1) {
      const place = this.placeOf(list[i]);
      const isNew = place < 0 || (isWritten && Object.getOwnPropertySymbols(list[i]).length > 0);
      const at = isNew ? i : place;
      if (isNew) {
        news += 1;
        if (news > most) return undefined;
      } else rows[i] = this.rows[place];
      if (run?.to === at && run.isNew === isNew) run.to += 1;
      else runs.push((run = { isNew, from: at, to: at + 1 }));
    }
    return { runs, rows, news };
  }

  /** -1 for one that is new, or has changed. */
  private placeOf(row: unknown): number {
    const place = isBareObject(row) ? this.find(row) : -1;
    if (place >= 0) {
      this.near = this.behind = place + 1;
    } else {
      this.near += 1;
      this.missed += 1;
    }
    return place;
  }

  /** Where it would be if those since the last one found have changed, come or gone; then where one begins like it, or was handed out. */
  private find(row: object): number {
    const { near, behind, given } = this;
    if (this.isAt(row, near)) return near;
    // It is that one, and has changed.
    if (this.table ? this.table.beginsAs(row, near) : given[near] === row) return -1;
    if (behind !== near && this.isAt(row, behind)) return behind;
    if (this.isAt(row, near + 1)) return near + 1;
    if (this.missed < MISSED) return -1;
    const { table } = this;
    this.places ??= table?.firsts() ?? new Map(given.map((one, place) => [one, place]));
    const place = this.places.get(table ? table.firstOf(row) : row) ?? -1;
    return this.isAt(row, place) ? place : -1;
  }

  private isAt(row: object, place: number): boolean {
    if (place < 0 || place >= this.rows.length) return false;
    return this.table ? this.table.has(row, place, this.haveOwn) : hasSameMembers(row, this.rows[place]);
  }
}

/** Whether a value is written exactly as data that was parsed from JSON. */
const isWrittenAs = (value: unknown, data: unknown): boolean => {
  if (typeof data !== 'object' || data === null) return value === data && (value !== 0 || 1 / value > 0);
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(data)) {
    const isList = Array.isArray(value) && value.length === data.length && isBare(value, Array.prototype);
    return isList && hasItemsAlone(value) && value.every((item, i) => isWrittenAs(item, data[i]));
  }
  return isBareObject(value) && Object.getOwnPropertySymbols(value).length === 0 && hasSameMembers(value, data);
};

/** Lists of names and of values: an engine makes them faster than it looks up one name after the other. */
const hasSameMembers = (value: object, data: object): boolean => {
  const [names, known] = [Object.keys(value), Object.keys(data)];
  if (names.length !== known.length) return false;
  const [members, others] = [Object.values(value) as unknown[], Object.values(data) as unknown[]];
  for (let i = 0; i < names.length; i += 1) {
    const member = members[i];
    if (names[i] !== known[i]) return false;
    if ((member !== others[i] || member === 0) && !isWrittenAs(member, others[i])) return false;
  }
  return true;
};

const isBareObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && isBare(value, Object.prototype);

/** Nothing says that it is to be written otherwise. */
const isBare = (value: object, prototype: object): boolean =>
  Object.getPrototypeOf(value) === prototype && typeof (value as { toJSON?: unknown }).toJSON !== 'function';
