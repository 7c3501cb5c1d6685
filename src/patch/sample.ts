import type { ListOrder, Patch, PatchPart } from '../protocol/envelope.js';
import { likenessOf } from './likeness.js';
import { isOrdered } from './patch-parts.js';

/** Longer ones are sent as they are. */
const MAX_LENGTH = 4_096;

/** The last HTML that one viewer got in an order: rows are mostly alike, so of the next one only is sent what is otherwise. */
export class Sample {
  private html?: string;

  forget(): void {
    this.html = undefined;
  }

  /** The patch as it is sent. */
  shorten(patch: Patch): Patch {
    const [elements, ...parts] = patch;
    return parts.some(isOrdered) ? [elements, ...parts.map((part) => this.part(part))] : patch;
  }

  private part(part: PatchPart): PatchPart {
    if (!isOrdered(part)) return part;
    const [place, shown, ...text] = part;
    return [place, shown.map((one) => (typeof one === 'string' ? this.next(one) : one)), ...text];
  }

  private next(html: string): ListOrder[number] {
    const { html: last } = this;
    // A copy: a piece of a render keeps all of it in memory.
    this.html = html.length > MAX_LENGTH ? undefined : (JSON.parse(JSON.stringify(html)) as string);
    return (last !== undefined && this.html !== undefined && likenessOf(last, html)) || html;
  }
}
