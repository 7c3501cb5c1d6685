import type Handlebars from 'handlebars';

import { LiveSetupError } from '../errors/setup-error.js';
import type { HandlebarsEnvironment } from './compiled-template.js';
import { SafeHtml } from './safe-html.js';

const BLOCKED = 'about:blank#blocked';
const DANGEROUS_SCHEME = /^(?:javascript:|vbscript:|data:text\/html|data:application\/xhtml)/i;
// Browsers skip control characters and white space in a scheme, so the check must not see them either.
// eslint-disable-next-line no-control-regex
const IGNORED_BY_BROWSERS = /[\u0000-\u0020\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u2060\ufeff]/g;
const JSON_SIGNS = /[<>&'\u2028\u2029]/g;

/** The address, or `about:blank#blocked` when a browser could run it as a script. */
export function safeUrl(value: unknown): string {
  const url = value === null || value === undefined ? '' : `${value as string}`;
  const compact = url.replace(IGNORED_BY_BROWSERS, '');
  return DANGEROUS_SCHEME.test(compact) ? BLOCKED : url;
}

/** JSON that cannot end the script element it is printed into. */
export function safeJson(value: unknown): string {
  const json = JSON.stringify(value, plain) ?? 'null';
  return json.replace(JSON_SIGNS, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const plain = (_key: string, value: unknown): unknown => {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Map) return Object.fromEntries(value as Map<PropertyKey, unknown>);
  if (value instanceof Set) return [...(value as Set<unknown>)];
  return SafeHtml.is(value) ? value.toString() : value;
};

function sanitized(value: unknown, { loc }: Partial<hbs.AST.Node>): string {
  if (value === null || value === undefined) return '';
  if (SafeHtml.is(value)) return value.toString();
  throw new LiveSetupError(
    'TEMPLATE_INVALID',
    `${loc?.source ?? 'a template'}:${loc?.start.line ?? 1} gives {{safeHtml}} a ${typeof value} that no sanitizer ` +
      'has cleaned. Give it trustHtml(sanitize(html)).',
  );
}

/** Helpers of every template: `{{json value}}`, `{{url value}}`, `{{safeHtml value}}`. */
export function registerBuiltInHelpers(env: HandlebarsEnvironment): void {
  const html = (text: string) => new env.SafeString(text);
  env.registerHelper(
    'json',
    orField('json', (value) => html(safeJson(value))),
  );
  env.registerHelper('url', orField('url', safeUrl));
  env.registerHelper(
    'safeHtml',
    orField('safeHtml', (value, options) => html(sanitized(value, options as never))),
  );
}

interface FieldOptions extends Handlebars.HelperOptions {
  lookupProperty(parent: unknown, name: string): unknown;
}

/** A helper wins over a field of its name; without arguments, `{{url}}` still means the field. */
export function orField(
  name: string,
  helper: (value: unknown, options: Handlebars.HelperOptions) => unknown,
): Handlebars.HelperDelegate {
  return function (this: unknown, ...given: unknown[]) {
    const options = given[given.length - 1] as FieldOptions;
    if (given.length > 1) return helper(given[0], options);
    return this === null || this === undefined ? undefined : options.lookupProperty(this, name);
  };
}
