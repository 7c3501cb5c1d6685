import { KnownRows } from './known-rows.js';

type Data = Readonly<Record<string, unknown>>;

/** Smaller states are read and written as fast without it. */
const FEWEST_CHARS = 2_048;

/**
 * One state as it was last read or written, for whoever reads and writes it again. It is known by its whole text: nobody has
 * to keep it up to date.
 */
export class StateMemory {
  /** Nobody has room for what it would remember. */
  rests = false;
  private text?: string;
  private lists: ReadonlyMap<string, KnownRows> = new Map();
  /** Text of the fields that are no such lists. */
  private rest = '';

  /** What it takes to remember it, about: the text is the store's as well. */
  get bytes(): number {
    let bytes = this.rest.length;
    for (const rows of this.lists.values()) bytes += rows.bytes;
    return bytes;
  }

  forget(): void {
    this.text = undefined;
    this.lists = new Map();
    this.rest = '';
  }

  /** The fields of this text: the lists, ready for use, and the text of the others. Nothing where it is not the one. */
  read(text: string): { readonly lists: Data; readonly rest: string } | undefined {
    if (this.text !== text) return undefined;
    const lists: Record<string, unknown> = {};
    for (const [name, rows] of this.lists) lists[name] = rows.copy();
    return { lists, rest: this.rest };
  }

  /**
   * @param data just parsed from the text, and nobody else's from now on
   * @param isData whether a part of it says nothing but itself
   * @returns whether it is remembered
   */
  learn(text: string, data: Data, isData: (part: unknown) => boolean): boolean {
    this.forget();
    if (text.length < FEWEST_CHARS || this.rests) return false;
    const lists = new Map<string, KnownRows>();
    const others: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(data)) {
      const rows = isData(value) ? KnownRows.read(value) : undefined;
      if (rows) lists.set(name, rows);
      else others[name] = value;
    }
    if (lists.size === 0) return false;
    this.keep(text, lists, JSON.stringify(others));
    return true;
  }

  /**
   * Finds the rows of a field that are as they were, where those are data that a view may show as it is.
   * @param isWritten the fields are written next
   */
  shownRows(name: string, value: unknown, isWritten: boolean): readonly (object | undefined)[] | undefined {
    const rows = this.lists.get(name);
    return rows?.isFlat && Array.isArray(value) ? rows.shownIn(value, isWritten) : undefined;
  }

  /** The text of these fields. @param written the text of a field that is no list */
  write(fields: Data, written: (name: string) => string): string | undefined {
    if (this.lists.size === 0) return undefined;
    const lists = new Map<string, KnownRows>();
    let [text, rest] = ['{', '{'];
    let [mark, restMark] = ['', ''];
    for (const name of Object.keys(fields)) {
      const before = this.lists.get(name);
      const now = before ? before.next(fields[name]) : KnownRows.write(fields[name]);
      if (before && !now) {
        this.forget();
        return undefined;
      }
      const key = `${JSON.stringify(name)}:`;
      const value = now?.text ?? written(name);
      text += `${mark}${key}${value}`;
      mark = ',';
      if (now) {
        lists.set(name, now.rows);
        continue;
      }
      rest += `${restMark}${key}${value}`;
      restMark = ',';
    }
    const whole = `${text}}`;
    this.keep(whole, lists, `${rest}}`);
    return whole;
  }

  private keep(text: string, lists: ReadonlyMap<string, KnownRows>, rest: string): void {
    this.text = text;
    this.lists = lists;
    this.rest = rest;
  }
}
