import type Handlebars from 'handlebars';

import { LiveSetupError } from '../errors/setup-error.js';
import { orField } from './built-in-helpers.js';
import { type HandlebarsEnvironment, placeOf } from './compiled-template.js';
import { escapeHtml } from './html-tag.js';
import type { PageMount } from './page-placeholders.js';

/** What the helpers of a page need from the render they run in. */
export interface PageHelperSeams {
  scriptUrls(): readonly string[];
  /** Notes a mount and gives the mark to print in its place. */
  leave(mount: PageMount): string;
}

interface PageHelperOptions extends Handlebars.HelperOptions {
  readonly loc: hbs.AST.SourceLocation;
  /** Absent in the form without a block. */
  readonly fn: Handlebars.TemplateDelegate;
}

/**
 * `{{component 'name' prop=value}}`, `{{component instance=id}}`, `{{#component 'name'}}slot{{/component}}` and
 * `{{liveScripts nonce=nonce}}`.
 */
export function registerPageHelpers(env: HandlebarsEnvironment, seams: PageHelperSeams): void {
  const component = function (this: unknown, name: unknown, options: PageHelperOptions) {
    const place = placeOf(options.loc.source, options.loc);
    if (typeof name !== 'string' || name === '') {
      const message = `${place} names no component. Write {{component 'name'}}.`;
      throw new LiveSetupError('TEMPLATE_INVALID', message);
    }
    const fn = options.fn as Handlebars.TemplateDelegate | undefined;
    const slots: Record<string, string> = fn === undefined ? {} : { default: fn(this) };
    const props = { ...(options.hash as Record<string, unknown>) };
    return new env.SafeString(seams.leave({ component: name, props, slots, place }));
  };
  const shared = (instance: unknown, { loc }: PageHelperOptions) => {
    const place = placeOf(loc.source, loc);
    if (typeof instance !== 'string' || instance === '') {
      throw new LiveSetupError('TEMPLATE_INVALID', `${place} names no instance. Write {{component instance=id}}.`);
    }
    return new env.SafeString(seams.leave({ component: '', instance, props: {}, slots: {}, place }));
  };
  const field = orField('component', () => undefined);
  env.registerHelper('component', function (this: unknown, ...given: unknown[]): unknown {
    const last = given[given.length - 1] as PageHelperOptions;
    const { instance } = last.hash as { instance?: unknown };
    if (given.length === 1 && 'instance' in (last.hash as object)) return shared(instance, last);
    if (given.length === 1) return field.call(this, ...(given as Parameters<typeof field>)) as unknown;
    return component.call(this, given[0], last);
  });
  env.registerHelper('liveScripts', ({ hash }: Handlebars.HelperOptions) => {
    const { nonce } = hash as { nonce?: unknown };
    const attribute = nonce === undefined || nonce === null ? '' : ` nonce="${escapeHtml(`${nonce as string}`)}"`;
    const tags = seams.scriptUrls().map((url) => `<script src="${escapeHtml(url)}"${attribute} defer></script>`);
    return new env.SafeString(tags.join(''));
  });
}
