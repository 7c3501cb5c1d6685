import type { LiveContext } from '../../lifecycle/live.context.js';
import { Rendered, type Dynamic } from '../../rendering/rendered.js';
import type { StateCodec } from '../../state/codec.js';
import { stateOf } from './mount-fields.js';

/** What a mount has made. States are text, as the codec writes them. */
export interface CachedMount {
  readonly html: string;
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

/** Stands where a render names its instance: each mount is an instance of its own. */
const ID_MARK = '__nest-live-id-4tR8vNc2__';

// A nested instance's identity and token are its viewer's own.
const NESTED = /\slive-(?:id|state)\s*=/;

/** A render without what belongs to one instance, if that can be told apart. */
export const takeMount = (
  live: LiveContext,
  { mounted, additions, rendered }: Pick<CachedMount, 'mounted' | 'additions'> & { readonly rendered: Rendered },
  codec: StateCodec,
): CachedMount | Unkept => {
  const html = rendered.toHtml();
  const state = stateOf(live, codec);
  if (state === null) {
    return { why: 'the codec cannot write its state' };
  }
  if (`${state}${mounted}`.includes(live.id)) {
    return { why: 'its state names its own instance' };
  }
  if (!isText(rendered) || NESTED.test(html)) {
    return { why: 'it prints another instance' };
  }
  return { html: html.replaceAll(live.id, ID_MARK), mounted, additions, rendered: state };
};

export const htmlFor = ({ id }: LiveContext, { html }: CachedMount): string => html.replaceAll(ID_MARK, id);

export const writeMount = ({ html, mounted, additions, rendered }: CachedMount): string =>
  JSON.stringify([html, mounted, additions, rendered === mounted ? 0 : rendered]);

/** Null for text that is no mount of ours: whoever can write to the cache may write anything. */
export const readMount = (text: string, codec: StateCodec): CachedMount | null => {
  try {
    const [html, mounted, additions, changed] = JSON.parse(text) as unknown[];
    const rendered = changed === 0 ? mounted : changed;
    if ([html, mounted, additions, rendered].some((part) => typeof part !== 'string')) {
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

/** Whatever else may stand in a render is made for its page. */
const isText = (dynamic: Dynamic): boolean =>
  typeof dynamic === 'string' || (dynamic instanceof Rendered && dynamic.dynamics.every(isText));
