import type Handlebars from 'handlebars';

import type { HandlebarsEnvironment } from './compiled-template.js';
import { safeAddress } from './safe-url.js';

/**
 * `address` judges a whole attribute value; `style`, `word` and `plain` one value in it; `area` begins the text of a
 * textarea.
 */
export type Guard = 'address' | 'style' | 'word' | 'plain' | 'area';

const ADDRESS = 'nest-live address';
const NAMES: Readonly<Record<Guard, string>> = {
  address: ADDRESS,
  style: 'nest-live style',
  word: 'nest-live word',
  plain: 'nest-live plain',
  area: 'nest-live area',
};

/** Names of the helpers, which run their block in the scope they stand in. */
export const GUARD_NAMES: readonly string[] = Object.values(NAMES);

// By identity, because a template can spell any name: {{#[any name]}}.
const made = new WeakMap<hbs.AST.Node, Guard>();

/** Whether the block was put around a value by the check, and why. */
export const guardOf = (node: hbs.AST.Node): Guard | undefined => made.get(node);

/** A block around a part of a template, which judges what the part prints at each render. */
export function guardBlock(guard: Guard, body: hbs.AST.Statement[], given: readonly string[] = []): hbs.AST.Statement {
  const { loc } = body[body.length > 1 ? 1 : 0];
  const name = NAMES[guard];
  const path = { type: 'PathExpression', data: false, depth: 0, parts: [name], original: name, loc };
  const params = given.map((value) => ({ type: 'StringLiteral', value, original: value, loc }));
  const strip = { open: false, close: false };
  const program = { type: 'Program', body, blockParams: [], strip: {}, loc };
  const block = { type: 'BlockStatement', path, params, program, openStrip: strip, closeStrip: strip, loc };
  const node = block as unknown as hbs.AST.Statement;
  made.set(node, guard);
  return node;
}

/** Registers what judges the values. */
export function registerGuards(env: HandlebarsEnvironment): void {
  env.registerHelper(ADDRESS, function (this: unknown, ...given: unknown[]) {
    const [tag, attribute, { fn }] = given as [string, string, Handlebars.HelperOptions];
    return safeAddress(fn(this), tag, attribute);
  });
  const guard = (name: string, judge: (printed: string) => string) =>
    env.registerHelper(name, function (this: unknown, { fn }: Handlebars.HelperOptions) {
      return judge(fn(this));
    });
  guard(NAMES.style, safeStyle);
  guard(NAMES.word, safeWord);
  guard(NAMES.plain, withoutMarkup);
  guard(NAMES.area, (printed) => withLineBreak(withoutMarkup(printed)));
}

const PLAIN_STYLE = /^[\p{L}\p{N}\s_.,%#+-]*$/u;
const COLOR = /^\s*(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch)\([\p{L}\p{N}\s.,%/+-]*\)\s*$/iu;

/** The value, or nothing when it could end its declaration, load something, or take in what follows. */
function safeStyle(printed: string): string {
  if (PLAIN_STYLE.test(printed)) return printed;
  return COLOR.test(printed) && !printed.includes('/*') ? printed : '';
}

const WORD = /^[\p{L}\p{N}_-]*$/u;

/** The value, or nothing when it could be more than one name in a selector or a list. */
const safeWord = (printed: string): string => (WORD.test(printed) ? printed : '');

const ENTITIES: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#x27;' };

/** Text stays as it is, for it is escaped; HTML that a helper made becomes text. */
const withoutMarkup = (printed: string) => printed.replace(/[<>"']/g, (sign) => ENTITIES[sign]);

/** A browser drops a line break right behind the tag: one that is part of the text gets another in front. */
const withLineBreak = (text: string) => (/^[\r\n]/.test(text) ? `\n${text}` : text);
