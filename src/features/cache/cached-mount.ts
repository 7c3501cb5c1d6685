import { randomBytes } from 'node:crypto';

import type { LiveContext } from '../../lifecycle/context/live.context.js';
import { PrintedHtml } from '../../rendering/printed-html.js';
import { Rendered } from '../../rendering/rendered.js';
import { TokenPlace } from '../../rendering/token-place.js';
import type { StateCodec } from '../../state/codec.js';
import { stateOf } from './mount-fields.js';

/** What a mount has made. States are text, as the codec writes them. */
export interface CachedMount {
  /** Cut where the token stands, and each part where the instance is named: what data says is never taken for a place. */
  readonly html: readonly (readonly string[])[];
  /** After `onMount`. */
  readonly mounted: string;
  /** What else was rendered than what `onMount` left. */
  readonly additions: string;
  /** After the render. */
  readonly rendered: string;
}

/** Why a mount is not kept, in words for its author. */
export interface Unkept {
  readonly why: string;
}

// A nested instance's identity and token are its viewer's own.
const NESTED = /\slive-(?:id|state)\s*=/;

/** A render without what belongs to one instance, if that can be told apart. */
export const takeMount = (
  live: LiveContext,
  { mounted, additions, rendered }: Pick<CachedMount, 'mounted' | 'additions'> & { readonly rendered: Rendered },
  codec: StateCodec,
): CachedMount | Unkept => {
  const { parts } = PrintedHtml.of(rendered);
  const html = parts.map((part) => part.split(live.printedId));
  const state = stateOf(live, codec);
  if (state === null) {
    return { why: 'the codec cannot write its state' };
  }
  if (`${state}${mounted}`.includes(live.id)) {
    return { why: 'its state names its own instance' };
  }
  if (rendered.placements().length > 0 || parts.some((part) => NESTED.test(part))) {
    return { why: 'it prints another instance' };
  }
  if (parts.some((part) => part.includes(live.id))) {
    return { why: 'its data names its own instance' };
  }
  return { html, mounted, additions, rendered: state };
};

/** A name for the one render that is kept: nobody has ever seen it, so no data can hold it. */
export const nameForOnce = (): string => randomBytes(16).toString('base64url');

/** The render of an instance. */
export const renderedFor = (id: string, html: CachedMount['html']): Rendered => {
  const token = new TokenPlace();
  const parts = html.map((part) => part.join(id));
  return Rendered.of(parts.flatMap((part, i) => (i === 0 ? [part] : [token, part])));
};

export const writeMount = ({ html, mounted, additions, rendered }: CachedMount): string =>
  JSON.stringify([html, mounted, additions, rendered === mounted ? 0 : rendered]);

/** Null for text that is no mount of ours: whoever can write to the cache may write anything. */
export const readMount = (text: string, codec: StateCodec): CachedMount | null => {
  try {
    const [html, mounted, additions, changed] = JSON.parse(text) as unknown[];
    const rendered = changed === 0 ? mounted : changed;
    if (!isCut(html) || [mounted, additions, rendered].some((part) => typeof part !== 'string')) {
      return null;
    }
    codec.decode(mounted as string);
    codec.decode(rendered as string);
    return { html, mounted, additions, rendered } as CachedMount;
  } catch {
    // Not JSON, not a list, or not the codec's: a miss like any other.
    return null;
  }
};

const isCut = (html: unknown): html is CachedMount['html'] =>
  Array.isArray(html) &&
  html.length > 0 &&
  html.every((part) => Array.isArray(part) && part.length > 0 && part.every((text) => typeof text === 'string'));
