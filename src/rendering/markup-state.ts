/** Where a piece of a template stands in the HTML around it. */
export type Mode =
  | 'text'
  | 'tag-open'
  | 'tag-name'
  | 'between'
  | 'name'
  | 'after-name'
  | 'before-value'
  | 'quoted'
  | 'unquoted'
  | 'loose'
  | 'after-loose'
  | 'raw'
  | 'literal'
  | 'comment'
  | 'declaration';

/** One attribute value in quotes; the same object from its first quote to its last. */
export interface QuotedValue {
  readonly tag: string;
  readonly attribute: string;
  readonly quote: string;
}

export interface MarkupState {
  readonly mode: Mode;
  readonly tag: string;
  readonly closing: boolean;
  readonly attribute: string;
  readonly value?: QuotedValue;
  /** What is written of the present value, with {@link UNKNOWN} for data. */
  readonly written: string;
  /** Of a script element. */
  readonly type: string;
  /** What may turn out to be the end of a script, a style or a comment. */
  readonly tail: string;
  /** Inside SVG or MathML, where the content of a script is markup. */
  readonly foreign: boolean;
  /** Of a `<meta>`: whether it has an `http-equiv` (`e`), and data in its `content` (`c`). */
  readonly meta: string;
}

/** Static markup that a browser could read in two ways. */
export class AmbiguousMarkup extends Error {}

export const TEXT: MarkupState = {
  mode: 'text',
  tag: '',
  closing: false,
  attribute: '',
  written: '',
  type: '',
  tail: '',
  foreign: false,
  meta: '',
};

/** A value stands here that is not known yet. */
export const UNKNOWN = '\0';

const IN_TAG: ReadonlySet<Mode> = new Set<Mode>([
  'tag-name',
  'between',
  'name',
  'after-name',
  'unquoted',
  'loose',
  'after-loose',
]);
const APART: ReadonlySet<Mode> = new Set<Mode>(['between', 'after-name', 'after-loose']);

/** What a value at this place would be to a browser. */
export type HolePlace =
  | { readonly kind: 'text' | 'literal' | 'comment' | 'tag name' | 'attribute name' | 'unquoted' | 'declaration' }
  | { readonly kind: 'raw'; readonly tag: string; readonly json: boolean }
  | ({
      readonly kind: 'quoted';
      readonly written: string;
      readonly foreign: boolean;
      readonly orders: boolean;
    } & QuotedValue);

const JSON_TYPE = /^(?:application\/(?:[\w.-]+\+)?json)$/;

export function placeIn({ mode, tag, type, value, tail, written, foreign, meta }: MarkupState): HolePlace {
  switch (mode) {
    case 'text':
    case 'comment':
    case 'declaration':
      return { kind: mode };
    case 'literal':
      return { kind: tail === '' ? 'literal' : 'tag name' };
    case 'raw':
      return { kind: 'raw', tag, json: tail === '' && tag === 'script' && JSON_TYPE.test(type) };
    case 'tag-open':
    case 'tag-name':
      return { kind: 'tag name' };
    case 'before-value':
    case 'unquoted':
      return { kind: 'unquoted' };
    case 'quoted':
      return value === undefined
        ? { kind: 'unquoted' }
        : { kind: 'quoted', written, foreign, orders: meta.includes('e'), ...value };
    default:
      return { kind: 'attribute name' };
  }
}

/** The state behind a value. */
export function afterHole(state: MarkupState): MarkupState {
  if (state.mode === 'comment') return { ...state, tail: '?' };
  const { tag, attribute, written } = state;
  const meta = tag === 'meta' && attribute === 'content' ? both(state.meta, 'c') : state.meta;
  return { ...state, tail: '', written: written + UNKNOWN, meta };
}

/** The state behind an attribute value that has ended. */
export function withValue(state: MarkupState): MarkupState {
  const { attribute, written, type } = state;
  const first = attribute === 'type' && type === '' ? written.trim().toLowerCase() || UNKNOWN : type;
  return { ...state, type: first, value: undefined, written: '' };
}

/** One state for what follows both; `undefined` when what follows would mean two things. */
export function join(one: MarkupState, other: MarkupState): MarkupState | undefined {
  const foreign = one.foreign || other.foreign;
  const meta = both(one.meta, other.meta);
  if (keyOf({ ...one, foreign, meta }) === keyOf({ ...other, foreign, meta }) && one.value === other.value) {
    return { ...one, foreign, meta, written: one.written === other.written ? one.written : UNKNOWN };
  }
  if (one.mode === 'comment' && other.mode === 'comment') return { ...one, tail: '?', foreign };
  if (!IN_TAG.has(one.mode) || !IN_TAG.has(other.mode)) return undefined;
  if (one.tag !== other.tag || one.closing !== other.closing) return undefined;
  const mode = APART.has(one.mode) && APART.has(other.mode) ? 'after-loose' : 'loose';
  const type = typeOf(one) === typeOf(other) ? typeOf(one) : UNKNOWN;
  return { ...one, mode, attribute: '', value: undefined, written: '', type, foreign, meta };
}

const typeOf = (state: MarkupState) => (state.mode === 'unquoted' ? withValue(state).type : state.type);

/** Equal for states that read what follows alike. */
export const keyOf = ({ mode, tag, closing, attribute, type, tail, value, foreign, meta }: MarkupState) =>
  [mode, tag, closing, attribute, type, tail, value?.quote, foreign, meta].join('|');

const both = (one: string, other: string): string => [...new Set(one + other)].sort().join('');
