import { AmbiguousMarkup, type MarkupState, type Mode, TEXT, withValue } from './markup-state.js';

const SPACE = /[\t\n\f\r ]/;
const LETTER = /[a-z]/i;
const RAW = new Set(['script', 'style']);
/** Elements in which a browser sees text where others have elements. */
const LITERAL = new Set(['textarea', 'title', 'iframe', 'noembed', 'noframes', 'xmp', 'plaintext']);
const FOREIGN = new Set(['svg', 'math']);

/** The state after one more character of the template. @throws AmbiguousMarkup */
export function step(state: MarkupState, sign: string): MarkupState {
  return STEPS[state.mode](state, sign);
}

/** Where what is read alike ends: in text before the next tag, in a name or a value before its last sign. */
const ALIKE: Partial<Readonly<Record<Mode, RegExp>>> = {
  text: /[^<]+/y,
  'tag-name': /[^>/\t\n\f\r ]+/y,
  name: /[^=>/\t\n\f\r ]+/y,
  quoted: /[^<>"']+/y,
};

/** The state after a run of signs that end nothing, and where the next one stands; undefined where there is none. */
export function stride(state: MarkupState, text: string, at: number): { state: MarkupState; to: number } | undefined {
  const alike = ALIKE[state.mode];
  // In a value, what may be the end of a noscript is read sign by sign.
  if (alike === undefined || state.written.includes('<')) return undefined;
  alike.lastIndex = at;
  const run = alike.exec(text)?.[0];
  if (run === undefined) return undefined;
  return { state: extended(state, run), to: at + run.length };
}

function extended(state: MarkupState, run: string): MarkupState {
  switch (state.mode) {
    case 'tag-name':
      return { ...state, tag: state.tag + run.toLowerCase() };
    case 'name':
      return { ...state, attribute: state.attribute + run.toLowerCase() };
    case 'quoted':
      return { ...state, written: state.written + run };
    default:
      return state;
  }
}

type Step = (state: MarkupState, sign: string) => MarkupState;

const STEPS: Readonly<Record<Mode, Step>> = {
  text: (state, sign) => (sign === '<' ? { ...anew(state), mode: 'tag-open' } : state),
  'tag-open': openTag,
  'tag-name': (state, sign) => endOfName(state, sign) ?? { ...state, tag: state.tag + sign.toLowerCase() },
  between,
  name(state, sign) {
    if (sign === '=') return { ...state, mode: 'before-value' };
    if (SPACE.test(sign)) return { ...state, mode: 'after-name' };
    return endOfName(state, sign) ?? { ...state, attribute: state.attribute + sign.toLowerCase() };
  },
  'after-name': (state, sign) => (sign === '=' ? { ...state, mode: 'before-value' } : between(state, sign)),
  'before-value'(before, sign) {
    if (SPACE.test(sign)) return before;
    const state = ordered(before);
    if (sign === '>') return endTag(state);
    if (sign !== '"' && sign !== "'") return { ...state, mode: 'unquoted', written: sign };
    const { tag, attribute } = state;
    return { ...state, mode: 'quoted', written: '', value: { tag, attribute, quote: sign } };
  },
  quoted(state, sign) {
    if (sign === state.value?.quote) return { ...withValue(state), mode: 'between' };
    return notNoscript({ ...state, written: state.written + sign });
  },
  unquoted(state, sign) {
    if (sign === '>') return endTag(withValue(state));
    if (SPACE.test(sign)) return { ...withValue(state), mode: 'between' };
    return { ...state, written: state.written + sign };
  },
  loose(state, sign) {
    if (SPACE.test(sign)) return { ...state, mode: 'after-loose' };
    if (sign === '/') return state;
    if (sign === '>') return endTag(state);
    throw new AmbiguousMarkup(
      'continues an attribute after a block that may have ended with one. Put a space between.',
    );
  },
  'after-loose'(state, sign) {
    if (sign !== '=') return between(state, sign);
    throw new AmbiguousMarkup('has a "=" after a block that may have ended with an attribute. Put it into the block.');
  },
  raw: readRaw,
  literal: readLiteral,
  comment: readComment,
  declaration(state, sign) {
    if (sign === '>') return anew(state);
    const tail = state.tail + sign;
    if (tail === '![') throw new AmbiguousMarkup('has a "<![", which is text in SVG and a comment elsewhere.');
    return tail === '!--' ? { ...anew(state), mode: 'comment', tail: '^' } : { ...state, tail: tail.slice(0, 4) };
  },
};

/** A `<meta>` with `http-equiv` gives the browser an order: what it says there must be known. */
function ordered(state: MarkupState): MarkupState {
  if (state.tag !== 'meta' || state.attribute !== 'http-equiv') return state;
  if (!state.meta.includes('c')) return { ...state, meta: 'e' };
  throw new AmbiguousMarkup('gives an http-equiv to a <meta> whose content is data. Write its content out.');
}

const anew = ({ foreign }: MarkupState): MarkupState => (foreign ? { ...TEXT, foreign } : TEXT);

function openTag(state: MarkupState, sign: string): MarkupState {
  if (LETTER.test(sign)) return { ...state, mode: 'tag-name', tag: sign.toLowerCase() };
  if (sign === '/' && !state.closing) return { ...state, closing: true };
  if (sign === '<' && !state.closing) return state;
  if (!state.closing) return '!?'.includes(sign) ? { ...state, mode: 'declaration', tail: sign } : anew(state);
  return sign === '>' ? anew(state) : { ...anew(state), mode: 'declaration', tail: '/' };
}

function endOfName(state: MarkupState, sign: string): MarkupState | undefined {
  if (sign === '>') return endTag(state);
  return sign === '/' || SPACE.test(sign) ? { ...state, mode: 'between' } : undefined;
}

function between(state: MarkupState, sign: string): MarkupState {
  return endOfName(state, sign) ?? { ...state, mode: 'name', attribute: sign.toLowerCase(), written: '' };
}

function endTag(state: MarkupState): MarkupState {
  const { tag, closing, type } = state;
  if (FOREIGN.has(tag)) return { ...TEXT, foreign: !closing };
  if (closing) return anew(state);
  if (RAW.has(tag)) return { ...anew(state), mode: 'raw', tag, type };
  return LITERAL.has(tag) ? { ...anew(state), mode: 'literal', tag } : anew(state);
}

function readRaw(state: MarkupState, sign: string): MarkupState {
  if (state.tag === 'style' || state.foreign) return readLiteral(state, sign);
  const tail = tailOf(state, sign);
  if (/^<script[\s/>]$/.test(tail)) {
    throw new AmbiguousMarkup(
      'names "<script" inside a script, which may keep the script from ending. Write "\\x3cscript".',
    );
  }
  const end = endOfElement(state, tail);
  if (end !== undefined) return end;
  const written = (state.written + sign).slice(-NOSCRIPT_END.length);
  return notNoscript({ ...state, written, tail: canEnd(state, tail) || '<script'.startsWith(tail) ? tail : '' });
}

/** Elsewhere the content of such an element may be markup: in SVG, or where a browser drops the element itself. */
function readLiteral(state: MarkupState, sign: string): MarkupState {
  const tail = tailOf(state, sign);
  const end = endOfElement(state, tail);
  if (end !== undefined) return end;
  if (!canEnd(state, tail) && /^<(?:[a-z!?]|\/.)/i.test(state.tail + sign)) {
    throw new AmbiguousMarkup(`has markup inside <${state.tag}>, which holds text. Write "&lt;" there.`);
  }
  return { ...state, tail: canEnd(state, tail) ? tail : '' };
}

const tailOf = ({ tail }: MarkupState, sign: string) =>
  sign === '<' ? '<' : tail === '' ? '' : tail + sign.toLowerCase();

const canEnd = ({ tag }: MarkupState, tail: string) => `</${tag}`.startsWith(tail);

function endOfElement(state: MarkupState, tail: string): MarkupState | undefined {
  const { tag } = state;
  if (!tail.startsWith(`</${tag}`) || tail.length !== tag.length + 3) return undefined;
  const closed: MarkupState = { ...anew(state), mode: 'tag-name', tag, closing: true };
  return endOfName(closed, tail.slice(-1));
}

/** `^` is the beginning of a comment and `?` a value, for both can be the half of its end. */
function readComment(state: MarkupState, sign: string): MarkupState {
  const { tail } = state;
  const written = (state.written + sign).slice(-NOSCRIPT_END.length);
  if (sign !== '>') return notNoscript({ ...state, written, tail: '-!'.includes(sign) ? tail + sign : '' });
  if (/--!?$/.test(tail) || tail === '^' || tail === '^-') return anew(state);
  if (!tail.startsWith('?')) return { ...state, written, tail: '' };
  throw new AmbiguousMarkup('has ">" right after a value in a comment, which may end it. Use {{!-- --}}.');
}

const NOSCRIPT_END = '</noscript';

/** The content of `<noscript>` is text to a browser with scripts, and markup to one without. */
function notNoscript(state: MarkupState): MarkupState {
  if (state.written.slice(-NOSCRIPT_END.length).toLowerCase() !== NOSCRIPT_END) return state;
  throw new AmbiguousMarkup('has a "</noscript" where a browser may see markup or text. Write "&lt;".');
}
