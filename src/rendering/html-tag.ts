import { Placement } from './placement.js';
import { type Dynamic, Rendered } from './rendered.js';
import { SafeHtml } from './safe-html.js';
import { LiveFields, TokenPlace } from './token-place.js';

const UNSAFE = /[&<>"'`=]/g;

/** Escapes text for element content and quoted attributes, as Handlebars does. */
export const escapeHtml = (text: string) => text.replace(UNSAFE, (sign) => `&#${sign.charCodeAt(0)};`);

/**
 * Template tag: values are escaped, templates nest, arrays are joined, and null, undefined and false print nothing.
 * A value of trustHtml() prints as HTML.
 */
export function html(statics: TemplateStringsArray, ...values: readonly unknown[]): Rendered {
  return new Rendered(statics, values.map(toDynamic));
}

/** A value as the tag prints it. */
export function toDynamic(value: unknown): Dynamic {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Rendered || value instanceof Placement || value instanceof TokenPlace) return value;
  if (value instanceof LiveFields) return new Rendered([value.before, value.after], [value.token]);
  if (Array.isArray(value)) return joined(value.map(toDynamic));
  return SafeHtml.is(value) ? value.toString() : escapeHtml(`${value as string}`);
}

const joined = (dynamics: readonly Dynamic[]) => new Rendered(new Array(dynamics.length + 1).fill(''), dynamics);
