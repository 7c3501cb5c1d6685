import { escaped } from './escape.js';

/** What the module writes on the root element of a component: `live-id`, `live-component`, `live-state` and others. */
export type RootAttributes = Readonly<Record<`live-${string}`, string | undefined>>;

const NAME_END = /[\s/>]/g;
const LETTER = /[a-zA-Z]/;

/** Inserts the attributes right after the root's tag name; HTML without an element is returned unchanged. */
export function withRootAttributes(html: string, attributes: RootAttributes): string {
  const at = endOfRootName(html);
  if (at < 0) return html;
  return html.slice(0, at) + written(attributes) + html.slice(at);
}

/** As they stand in a tag, each behind a space. */
export function written(attributes: RootAttributes): string {
  let text = '';
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) text += ` ${name}="${escaped(value)}"`;
  }
  return text;
}

/** Where attributes of the root may stand; negative where there is no element. */
export function endOfRootName(html: string): number {
  let at = html.indexOf('<');
  while (at >= 0 && html.startsWith('<!--', at)) {
    const end = html.indexOf('-->', at + 4);
    if (end < 0) return -1;
    at = html.indexOf('<', end + 3);
  }
  if (at < 0 || !LETTER.test(html.charAt(at + 1))) return -1;
  NAME_END.lastIndex = at + 1;
  return NAME_END.exec(html)?.index ?? -1;
}

/** Where attributes of one component's roots may stand: its renders mostly begin alike, and are read again only where they do not. */
export class RootPlace {
  #opening = '';
  #at = -1;

  in(html: string): number {
    if (this.#at < 0 || !html.startsWith(this.#opening)) {
      this.#at = endOfRootName(html);
      // With the sign behind the name, which is what ends it.
      this.#opening = html.slice(0, this.#at + 1);
    }
    return this.#at;
  }
}
