import { changedAttribute, type ChangedAttribute } from './changed-attribute.js';
import type { ElementTree } from './element-tree.js';

const LESS_THAN = 60;

/** A render with the same elements as another one, and what of them is otherwise. */
export interface Alike {
  readonly tree: ElementTree;
  readonly changes: readonly Change[];
}

/** An element in which one attribute is otherwise, or a text. */
export type Change = readonly [place: number, attribute?: ChangedAttribute];

/**
 * Reads a render that has the same elements as another: the same tags in the same order, but for texts and values of attributes.
 * Nothing where it has not, and where nobody can say so without reading all of it.
 */
export const readAlike = (html: string, before: ElementTree): Alike | undefined => {
  const walk = new Walk(html, before);
  return walk.isAlike() ? { tree: before.movedTo(html, walk), changes: walk.changes } : undefined;
};

/** Goes along both texts, from tag to tag. */
class Walk {
  readonly starts: Int32Array;
  readonly opens: Int32Array;
  readonly closes: Int32Array;
  readonly ends: Int32Array;
  readonly changes: Change[] = [];
  /** Behind what was compared last, in either. */
  private old = 0;
  private now = 0;

  constructor(
    private readonly html: string,
    private readonly before: ElementTree,
  ) {
    const { count } = before;
    this.starts = new Int32Array(count);
    this.opens = new Int32Array(count);
    this.closes = new Int32Array(count);
    this.ends = new Int32Array(count);
  }

  isAlike(): boolean {
    const { html, starts, ends } = this.before;
    const isRoot = this.same(html.slice(0, starts[0])) && this.element(0);
    return isRoot && this.same(html.slice(ends[0])) && this.now === this.html.length;
  }

  private element(place: number): boolean {
    const { before } = this;
    if (before.isImplied(place)) return false;
    this.starts[place] = this.now;
    if (!this.startTag(place)) return false;
    this.opens[place] = this.now;
    if (!this.contents(place)) return false;
    this.closes[place] = this.now;
    if (!this.same(before.html.slice(before.closes[place], before.ends[place]))) return false;
    this.ends[place] = this.now;
    return true;
  }

  private contents(place: number): boolean {
    const { before } = this;
    const rule = before.rules[place];
    if (rule.isVoid) return true;
    // What has no places is not looked at.
    if (rule.isLeaf || before.closed[place] !== 0) return this.same(before.inner(place));
    const end = before.after(place);
    for (let child = place + 1; child < end; child = before.after(child)) {
      if (!this.text(before.starts[child], place) || !this.element(child)) return false;
    }
    return this.text(before.closes[place], place);
  }

  private startTag(place: number): boolean {
    const tag = this.before.tag(place);
    if (this.same(tag)) return true;
    const changed = changedAttribute(tag, this.html, this.now);
    if (!changed) return false;
    this.changes.push([place, changed]);
    this.old += tag.length;
    this.now = changed.end;
    return true;
  }

  private same(text: string): boolean {
    if (!this.html.startsWith(text, this.now)) return false;
    this.old += text.length;
    this.now += text.length;
    return true;
  }

  /** Up to the next tag, which is at this place of the text before. */
  private text(to: number, parent: number): boolean {
    const { before, html, old, now } = this;
    const text = before.html.slice(old, to);
    const isSame = html.startsWith(text, now) && html.charCodeAt(now + text.length) === LESS_THAN;
    // Where only elements can be, text is moved away.
    if (!isSame && before.rules[parent].children) return false;
    if (!isSame) this.changes.push([parent]);
    this.old = to;
    this.now = isSame ? now + text.length : html.indexOf('<', now);
    return this.now >= 0;
  }
}
