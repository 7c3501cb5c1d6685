import { applicationCalls } from '../component/application-code.js';
import { type RowTexts, RowTextsWriter } from '../texts/row-texts.js';
import { hasItemsAlone, isPlainJson } from './plain-json.js';
import { type FoundRows, type RowRun, RowSearch } from './row-search.js';
import { RowTable } from './row-table.js';

/** Shorter lists are read and written as fast as they are compared. */
const FEWEST = 16;
/** One row in so many may be new: a list with more of them is written as a whole. */
const NEW_OF = 4;
/** How deep in a state a row of one of its lists stands. */
const DEPTH = 2;
/** About what a member takes, with its row's share. */
const BYTES_PER_MEMBER = 16;
/** A view makes something else of a row that says how it prints. */
const PRINTERS = ['toString', 'valueOf'];

interface WrittenRow {
  readonly text: string;
  readonly row: object;
}

/** What a view has found in a list. */
interface Seen {
  readonly list: readonly unknown[];
  readonly found: FoundRows;
  readonly calls: number;
}

/** What a list has become. */
interface Change {
  readonly rows: KnownRows;
  readonly text: string;
}

/** The rows of a list of plain data, as they were last read or written: those that are the same need neither again. */
export class KnownRows {
  private handed?: WeakRef<unknown[]>;
  private seen?: Seen;

  /** @param list parsed from JSON by the caller, and nobody else's from now on */
  static read(list: unknown): KnownRows | undefined {
    return isLong(list) && list.every(isRow) ? new KnownRows(list, list.every(isFlat)) : undefined;
  }

  /** Of a list that was not known before. */
  static write(list: unknown): Change | undefined {
    if (!isLong(list) || !isRow(list[0]) || !isPlainJson(list, DEPTH - 1)) return undefined;
    const rows = KnownRows.read(JSON.parse(JSON.stringify(list)));
    return rows && { rows, text: listText(rows.written()) };
  }

  /**
   * @param rows as they would be parsed from the text; nobody is given them, or they could be changed
   * @param isFlat nothing in them is an object: what equals them is data, and prints as such
   * @param texts what they are written as, each with a comma behind it, once they have been
   * @param table the same rows for search, null where they are not alike
   */
  private constructor(
    private readonly rows: readonly object[],
    readonly isFlat: boolean,
    private texts?: RowTexts,
    private table?: RowTable | null,
  ) {}

  /** What it takes to remember them, about: their text is that of the state. */
  get bytes(): number {
    return this.rows.length * (Object.keys(this.rows[0]).length + 1) * BYTES_PER_MEMBER;
  }

  /** Rows like these, for somebody who may do with them what he likes. */
  copy(): unknown[] {
    const copy = this.isFlat ? this.rows.map((row) => ({ ...row })) : this.rows.map(copyOf);
    this.handed = new WeakRef(copy);
    return copy;
  }

  /**
   * Finds them in a list, for a view of it.
   * @param isWritten the list is written next: what was found then holds, unless somebody can have changed it
   * @returns for each item the row that it is written like
   */
  shownIn(list: readonly unknown[], isWritten: boolean): FoundRows['rows'] {
    const found = this.search().foundIn(list, isWritten)!;
    if (isWritten) {
      this.seen = { list, found, calls: applicationCalls() };
      // Whoever is waited for runs behind this.
      queueMicrotask(this.overlook);
    }
    return found.rows;
  }

  /** The list as it is now. Nothing where much of it is new, and where not all of it is plain data. */
  next(list: unknown): Change | undefined {
    if (!isLong(list) || Object.getPrototypeOf(list) !== Array.prototype || !hasItemsAlone(list)) return undefined;
    const most = Math.floor(list.length / NEW_OF);
    const found = this.seenIn(list) ?? this.search().foundIn(list, true, most);
    if (!found || found.news > most) return undefined;
    const { runs } = found;
    const isInPlace = list.length === this.rows.length && isEachInPlace(runs);
    if (isInPlace && found.news === 0) return { rows: this, text: listText(this.written()) };
    const rows = isInPlace ? this.rows.slice() : (found.rows.slice() as object[]);
    const news = new Map<number, object>();
    const writer = new RowTextsWriter(this.written());
    for (const { isNew, from, to } of runs) {
      if (!isNew) {
        writer.keep(from, to);
        continue;
      }
      for (let at = from; at < to; at += 1) {
        const other = writtenRow(list[at]);
        if (!other) return undefined;
        writer.add(`${other.text},`);
        news.set(at, (rows[at] = other.row));
      }
    }
    const texts = writer.end();
    const table = isInPlace ? this.table?.with(news) : undefined;
    const isStillFlat = this.isFlat && [...news.values()].every(isFlat);
    return {
      rows: new KnownRows(rows, isStillFlat, texts, isStillFlat ? table : undefined),
      text: listText(texts),
    };
  }

  private search(): RowSearch {
    if (this.table === undefined && this.isFlat) this.table = RowTable.of(this.rows) ?? null;
    return new RowSearch(this.rows, this.handed?.deref(), this.table ?? undefined);
  }

  private seenIn(list: readonly unknown[]): FoundRows | undefined {
    const { seen } = this;
    return seen?.list === list && seen.calls === applicationCalls() ? seen.found : undefined;
  }

  private readonly overlook = (): void => {
    this.seen = undefined;
  };

  private written(): RowTexts {
    if (!this.texts) {
      const writer = new RowTextsWriter();
      for (const row of this.rows) writer.add(`${JSON.stringify(row)},`);
      this.texts = writer.end();
    }
    return this.texts;
  }
}

const isEachInPlace = (runs: readonly RowRun[]): boolean => {
  let at = 0;
  for (const { isNew, from, to } of runs) {
    if (!isNew && from !== at) return false;
    at += to - from;
  }
  return true;
};

/** Put together, and not written anew: whoever reads none of it has it for nothing. */
const listText = ({ texts }: RowTexts): string => {
  let text = '[';
  for (let i = 0; i < texts.length - 1; i += 1) text += texts[i];
  return `${text}${texts[texts.length - 1].slice(0, -1)}]`;
};

/** A row that is not known, and what would be parsed from its text. */
const writtenRow = (row: unknown): WrittenRow | undefined => {
  if (!isPlainJson(row, DEPTH)) return undefined;
  const text = JSON.stringify(row);
  const parsed: unknown = JSON.parse(text);
  return isRow(parsed) && isPlainJson(parsed, DEPTH) ? { text, row: parsed } : undefined;
};

const copyOf = <T>(data: T): T => {
  if (typeof data !== 'object' || data === null) return data;
  if (Array.isArray(data)) return data.map(copyOf) as T;
  const copy = { ...data };
  for (const name of Object.keys(copy) as (keyof T)[]) {
    // A key named `__proto__` is one among others.
    if (typeof copy[name] === 'object') {
      Object.defineProperty(copy, name, {
        ...{ value: copyOf(copy[name]), writable: true, enumerable: true, configurable: true },
      });
    }
  }
  return copy;
};

const isLong = (list: unknown): list is readonly unknown[] => Array.isArray(list) && list.length >= FEWEST;

const isRow = (data: unknown): data is object => typeof data === 'object' && data !== null && !Array.isArray(data);

const isFlat = (row: object): boolean =>
  Object.values(row).every((member) => typeof member !== 'object' || member === null) &&
  PRINTERS.every((name) => !Object.hasOwn(row, name));
