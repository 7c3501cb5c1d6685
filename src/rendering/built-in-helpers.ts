import type Handlebars from 'handlebars';

import { LiveSetupError } from '../errors/setup-error.js';
import type { HandlebarsEnvironment } from './compiled-template.js';
import { registerGuards } from './guard-block.js';
import { SafeCode } from './safe-code.js';
import { SafeHtml } from './safe-html.js';
import { safeUrl } from './safe-url.js';

const JSON_SIGNS = /[<>&'\u2028\u2029]/g;

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

function declared(value: unknown, { loc }: Partial<hbs.AST.Node>): string {
  if (value === null || value === undefined) return '';
  if (SafeCode.is(value)) return value.toString();
  throw new LiveSetupError(
    'TEMPLATE_INVALID',
    `${loc?.source ?? 'a template'}:${loc?.start.line ?? 1} gives {{safeCode}} a ${typeof value} that nobody has ` +
      'declared safe. Give it trustCode(text), for a text that you have written or chosen yourself.',
  );
}

/** Helpers of every template: `{{json value}}`, `{{url value}}`, `{{safeHtml value}}`, `{{safeCode value}}`. */
export function registerBuiltInHelpers(env: HandlebarsEnvironment): void {
  const html = (text: string) => new env.SafeString(text);
  env.registerHelper(
    'json',
    orField('json', (value) => html(safeJson(value))),
  );
  registerCollections(env);
  registerGuards(env);
  env.registerHelper('url', orField('url', safeUrl));
  env.registerHelper(
    'safeCode',
    orField('safeCode', (value, options) => declared(value, options as never)),
  );
  env.registerHelper(
    'safeHtml',
    orField('safeHtml', (value, options) => html(sanitized(value, options as never))),
  );
}

/** To Handlebars a Map or Set is an object: true without anything in it, and a block over it is printed once. */
function registerCollections(env: HandlebarsEnvironment): void {
  for (const name of ['if', 'unless', 'with', 'blockHelperMissing']) {
    const helper = env.helpers[name];
    env.registerHelper(name, function (this: unknown, value: unknown, ...rest: unknown[]): unknown {
      return helper.call(this, listed(value, name), ...rest) as unknown;
    } as Handlebars.HelperDelegate);
  }
}

const listed = (value: unknown, helper: string): unknown => {
  if (!(value instanceof Map || value instanceof Set)) return value;
  return value.size === 0 || helper === 'blockHelperMissing' ? [...value] : value;
};

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
