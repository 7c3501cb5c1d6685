import { ElementColumns } from './element-columns.js';
import { BODY, ruleOf, type TagRule } from './element-rules.js';

/** Browsers end elements that stand deeper than they count. */
const MAX_DEPTH = 200;
const LETTER = /[a-zA-Z]/;
const NOT_BLANK = /[^\t\n\f\r ]/;
const CLOSES = /^live-(?:id|ignore)$/i;

/** An open element, and its place unless it is inside of a closed one. */
export interface Open {
  readonly rule: TagRule;
  readonly place: number;
  /** A browser puts it there; nobody has written it. */
  readonly isImplied?: boolean;
}

/** A start tag. */
interface StartTag {
  readonly rule: TagRule;
  readonly end: number;
  readonly isSelfClosing: boolean;
  /** It has `live-id` or `live-ignore`. */
  readonly isClosed: boolean;
}

/** Where a part of the HTML begins, and what is open there. */
export interface Part {
  readonly from: number;
  readonly around: readonly Open[];
  /** Place of the first element in it. */
  readonly first: number;
}

/** From the beginning to the end a reader knows no more than what is open: so it can begin, and stop, anywhere. */
export class ElementReader {
  private readonly columns: ElementColumns;
  private readonly stack: Open[] = [];
  /** How many are open around the part that is read: none of them may end in it. */
  private readonly floor: number;
  /** How many open elements there are of each kind that cannot hold its own kind. */
  private readonly alone = new Map<string, number>();
  private paragraphs = 0;
  /** Open elements inside of a closed one, with that one. */
  private muted = 0;
  private at = 0;

  constructor(
    private readonly html: string,
    { from, around, first }: Part = { from: 0, around: [], first: 0 },
  ) {
    this.columns = new ElementColumns(first, from);
    around.forEach((open) => this.push(open, false));
    this.floor = around.length;
  }

  /** Nothing where it is no sequence of whole elements, or nobody can say how a browser reads it. */
  read(): ElementColumns | undefined {
    const end = this.html.length;
    for (;;) {
      const found = this.html.indexOf('<', this.at);
      const next = found < 0 ? end : found;
      if (!this.text(next)) return undefined;
      if (next === end) break;
      this.at = next;
      if (!this.markup()) return undefined;
    }
    return this.stack.length === this.floor && this.at <= end ? this.columns : undefined;
  }

  /** Text where only elements can be would be moved away. */
  private text(end: number): boolean {
    const around = this.stack.at(-1)?.rule;
    const isAllowed = around && (!around.children || around.name === 'option');
    return isAllowed || !NOT_BLANK.test(this.html.slice(this.at, end));
  }

  private markup(): boolean {
    const sign = this.html.charAt(this.at + 1);
    if (sign === '!') return this.comment();
    if (sign === '/') return this.endTag();
    return LETTER.test(sign) && this.startTag();
  }

  private comment(): boolean {
    const { html, at } = this;
    if (!html.startsWith('<!--', at) || html[at + 4] === '>' || html.startsWith('->', at + 4)) return false;
    const end = html.indexOf('-->', at + 4);
    if (end < 0 || html.slice(at, end).includes('--!>')) return false;
    this.at = end + 3;
    return true;
  }

  private startTag(): boolean {
    const tag = this.readTag();
    if (!tag || !this.makeWay(tag.rule)) return false;
    const { rule, end } = tag;
    const start = this.at;
    this.at = end;
    const isRoot = this.columns.count === 0;
    // A second root, or something beside it.
    if (this.stack.length === 0 && !isRoot) return false;
    const isClosed = tag.isClosed && !isRoot;
    const place = this.muted ? -1 : this.columns.open(rule, { start, open: end }, isClosed);
    if (rule.isVoid) return true;
    if (rule.isForeign) return this.skipForeign(place, tag);
    if (rule.isRaw) return this.skipRaw(place, rule);
    this.push({ rule, place }, isClosed || rule.isLeaf);
    return true;
  }

  /** Whether the element stays where it is written, and what is open stays open. */
  private makeWay(rule: TagRule): boolean {
    if (rule.isRefused || this.stack.length > MAX_DEPTH) return false;
    if (rule.alone !== undefined && this.alone.get(rule.alone)) return false;
    if (rule.endsParagraph && this.paragraphs > 0) return false;
    const around = this.stack.at(-1)?.rule;
    if (around === undefined) return true;
    if (rule.name === 'tr' && around.name === 'table') {
      this.imply();
      return true;
    }
    if (around.children && !around.children.has(rule.name)) return this.leaveImplied() && this.makeWay(rule);
    return !rule.parents || rule.parents.has(around.name) || this.isGroupOfTerms(rule);
  }

  /** `<dl><div><dt>`. */
  private isGroupOfTerms({ name }: TagRule): boolean {
    const [outer, group] = this.stack.slice(-2);
    return (name === 'dt' || name === 'dd') && group?.rule.name === 'div' && outer.rule.name === 'dl';
  }

  private imply(): void {
    const place = this.muted ? -1 : this.columns.open(BODY, { start: this.at, open: this.at }, false);
    this.push({ rule: BODY, place, isImplied: true }, false);
  }

  private leaveImplied(): boolean {
    const last = this.stack.at(-1);
    if (!last?.isImplied || this.stack.length === this.floor) return false;
    this.pop(this.at, this.at);
    return true;
  }

  private push(open: Open, isClosed: boolean): void {
    const { rule } = open;
    this.stack.push(open);
    if (this.muted || isClosed) this.muted += 1;
    if (rule.name === 'p') this.paragraphs += 1;
    if (rule.alone !== undefined) this.alone.set(rule.alone, (this.alone.get(rule.alone) ?? 0) + 1);
  }

  private pop(close: number, end: number): void {
    const { rule, place } = this.stack.pop()!;
    if (this.muted) this.muted -= 1;
    if (rule.name === 'p') this.paragraphs -= 1;
    if (rule.alone !== undefined) this.alone.set(rule.alone, this.alone.get(rule.alone)! - 1);
    if (place >= 0) this.columns.close(place, close, end);
  }

  private endTag(): boolean {
    const { html, at } = this;
    const end = html.indexOf('>', at);
    if (end < 0) return false;
    const name = html
      .slice(at + 2, end)
      .trimEnd()
      .toLowerCase();
    if (this.stack.at(-1)?.rule.name !== name && !this.leaveImplied()) return false;
    const open = this.stack.at(-1);
    if (open?.rule.name !== name || open.isImplied || this.stack.length === this.floor) return false;
    this.pop(at, end + 1);
    this.at = end + 1;
    return true;
  }

  private skipRaw(place: number, { name }: TagRule): boolean {
    const { html } = this;
    const close = this.endOfRaw(name);
    const end = close < 0 ? -1 : html.indexOf('>', close);
    if (end < 0 || (name === 'script' && html.slice(this.at, close).includes('<!--'))) return false;
    if (place >= 0) this.columns.close(place, close, end + 1);
    this.at = end + 1;
    return true;
  }

  private endOfRaw(name: string): number {
    const { html } = this;
    for (let at = html.indexOf('</', this.at); at >= 0; at = html.indexOf('</', at + 2)) {
      const end = at + 2 + name.length;
      if (isEnd(html.charCodeAt(end)) && html.slice(at + 2, end).toLowerCase() === name) return at;
    }
    return -1;
  }

  /** By rules of its own, which are read only as far as to find its end. */
  private skipForeign(place: number, { rule: { name }, isSelfClosing }: StartTag): boolean {
    const { html } = this;
    if (isSelfClosing) return true;
    for (let depth = 1; ;) {
      this.at = html.indexOf('<', this.at);
      if (this.at < 0) return false;
      const sign = html.charAt(this.at + 1);
      if (sign === '!') {
        if (!this.comment()) return false;
        continue;
      }
      const close = this.at;
      if (sign === '/') {
        const end = html.indexOf('>', close);
        if (end < 0) return false;
        this.at = end + 1;
        if (--depth > 0) continue;
        if (place >= 0) this.columns.close(place, close, this.at);
        return (
          html
            .slice(close + 2, end)
            .trimEnd()
            .toLowerCase() === name
        );
      }
      const tag = LETTER.test(sign) ? this.readTag() : undefined;
      // In these, HTML begins again.
      if (!tag || /^(?:foreignobject|desc|title|annotation-xml|m[inos]|mtext|script|style)$/.test(tag.rule.name)) {
        return false;
      }
      this.at = tag.end;
      if (!tag.isSelfClosing) depth += 1;
    }
  }

  /** The start tag at the present place, by the rules of browsers for attributes. */
  private readTag(): StartTag | undefined {
    const { html } = this;
    let at = this.at + 1;
    while (at < html.length && !isEnd(html.charCodeAt(at))) at += 1;
    const rule = ruleOf(html.slice(this.at + 1, at));
    let isClosed = false;
    for (;;) {
      const free = at;
      while (isBlank(html.charCodeAt(at)) || html[at] === '/') at += 1;
      if (at >= html.length) return undefined;
      // A slash right behind a value without quotes is part of the value.
      if (html[at] === '>') return { rule, end: at + 1, isSelfClosing: at > free && html[at - 1] === '/', isClosed };
      const name = at;
      while (at < html.length && html[at] !== '=' && !isEnd(html.charCodeAt(at))) at += 1;
      // A name that begins with "=" is one to a browser.
      if (at === name) return undefined;
      if (html.charCodeAt(name + 4) === DASH && CLOSES.test(html.slice(name, at))) isClosed = true;
      const value = this.skipBlank(at);
      if (html[value] === '=') at = this.skipValue(this.skipBlank(value + 1));
      if (at < 0) return undefined;
    }
  }

  private skipBlank(from: number): number {
    let at = from;
    while (isBlank(this.html.charCodeAt(at))) at += 1;
    return at;
  }

  /** @returns where the value ends; negative for one without an end */
  private skipValue(from: number): number {
    const { html } = this;
    const quote = html.charAt(from);
    if (quote === '"' || quote === "'") {
      const end = html.indexOf(quote, from + 1);
      return end < 0 ? -1 : end + 1;
    }
    let at = from;
    while (at < html.length && html[at] !== '>' && !isBlank(html.charCodeAt(at))) at += 1;
    return at;
  }
}

const DASH = 45;

/** Tab, line feed, form feed, carriage return, space. */
const isBlank = (code: number): boolean => code === 32 || code === 10 || code === 9 || code === 13 || code === 12;

/** Of a name. */
const isEnd = (code: number): boolean => isBlank(code) || code === 47 || code === 62;
