import type Handlebars from 'handlebars';

import { LiveSetupError } from '../errors/setup-error.js';
import { orField } from './built-in-helpers.js';
import { type HandlebarsEnvironment, placeOf } from './compiled-template.js';
import type { Marks } from './marks.js';
import { type Placement } from './placement.js';
import { type Dynamic, Rendered } from './rendered.js';

export interface PlacementHelperOptions extends Handlebars.HelperOptions {
  readonly loc: hbs.AST.SourceLocation;
  /** Absent in the form without a block. */
  readonly fn: Handlebars.TemplateDelegate;
}

type Contents = Map<string, string>;

/** What a placement helper is asked for. */
export interface Asked {
  /** Absent where only named arguments say what is meant. */
  readonly component?: string;
  readonly hash: Readonly<Record<string, unknown>>;
  readonly slots: Readonly<Record<string, Rendered>>;
  readonly place: string;
}

/**
 * `{{component 'name' prop=value}}`, `{{#component 'name'}}…{{#slot 'header'}}…{{/slot}}…{{/component}}`.
 * @param make the placement of what was asked for
 */
export function registerPlacementHelpers(
  env: HandlebarsEnvironment,
  { marks, make }: { readonly marks: () => Marks<Dynamic>; readonly make: (asked: Asked) => Placement },
): void {
  /** The contents of the blocks that are being rendered, innermost last. */
  const open: Contents[] = [];

  const contentsOf = (scope: unknown, fn: Handlebars.TemplateDelegate): Contents => {
    const contents: Contents = new Map();
    open.push(contents);
    try {
      const rest = fn(scope);
      // The white space around named slots is no content.
      if (contents.size === 0 || rest.trim() !== '') contents.set('default', rest);
    } finally {
      open.pop();
    }
    return contents;
  };

  const component = function (this: unknown, name: unknown, options: PlacementHelperOptions) {
    const place = placeOf(options.loc.source, options.loc);
    if (name !== undefined && (typeof name !== 'string' || name === '')) {
      const message = `${place} names no component. Write {{component 'name'}}.`;
      throw new LiveSetupError('TEMPLATE_INVALID', message);
    }
    const fn = options.fn as Handlebars.TemplateDelegate | undefined;
    const contents = fn === undefined ? [] : [...contentsOf(this, fn)];
    const slots = Object.fromEntries(contents.map(([slot, html]) => [slot, treeOf(marks(), html)]));
    const hash = options.hash as Record<string, unknown>;
    return new env.SafeString(marks().leave(make({ component: name, hash, slots, place })));
  };

  const slot = function (this: unknown, name: unknown, { loc, fn }: PlacementHelperOptions) {
    const contents = open.at(-1);
    const place = placeOf(loc.source, loc);
    if (typeof name !== 'string' || name === '' || contents === undefined) {
      const message = `${place} fills no slot. Write {{#slot 'name'}}…{{/slot}} inside {{#component}}…{{/component}}.`;
      throw new LiveSetupError('TEMPLATE_INVALID', message);
    }
    if (contents.has(name)) {
      throw new LiveSetupError('TEMPLATE_INVALID', `${place} fills the slot "${name}" a second time.`);
    }
    contents.set(name, fn(this));
    return '';
  };

  register(env, 'component', component);
  register(env, 'slot', slot);
}

/** A template's output with what it asked for as parts of the tree. */
export const treeOf = (marks: Marks<Dynamic>, html: string): Rendered => {
  if (marks.isNone) return Rendered.opaque(html);
  const { texts, found } = marks.split(html);
  return new Rendered(texts, found);
};

function register(
  env: HandlebarsEnvironment,
  name: string,
  helper: (this: unknown, name: unknown, options: PlacementHelperOptions) => unknown,
): void {
  const field = orField(name, () => undefined);
  env.registerHelper(name, function (this: unknown, ...given: unknown[]): unknown {
    const last = given[given.length - 1] as PlacementHelperOptions;
    const isField = given.length === 1 && Object.keys(last.hash as object).length === 0;
    if (isField) return field.call(this, ...(given as Parameters<typeof field>)) as unknown;
    // A name that is there but holds nothing is a mistake, not the form without one.
    return helper.call(this, given.length === 1 ? undefined : (given[0] ?? ''), last);
  });
}
