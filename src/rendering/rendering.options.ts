import { resolve } from 'node:path';

import type { HelperDelegate } from 'handlebars';

/** Where templates are, and what they may use. */
export interface RenderingOptions {
  /**
   * Folders of component templates, relative to the working directory or absolute; not what is in a `node_modules` below.
   * @default ['templates']
   */
  templates?: readonly string[];
  /** Folders of page templates, relative to the working directory or absolute. @default ['views'] */
  pages?: readonly string[];
  /** Handlebars helpers of components and pages. @default {} */
  helpers?: Readonly<Record<string, HelperDelegate>>;
  /** Handlebars partials by name; they win over files of the same name. @default {} */
  partials?: Readonly<Record<string, string>>;
  /** Read changed templates again and check them at their first render. @default NODE_ENV is not "production" */
  development?: boolean;
  /** An unknown field in a component template is an error instead of empty text. @default the value of `development` */
  checkFields?: boolean;
}

/** The options with every default filled in; folders are absolute. */
export type ResolvedRendering = Readonly<Required<RenderingOptions>>;

/** Injection token of the resolved rendering options. */
export const RENDERING = Symbol('nest-live:rendering');

const absolute = (folders: readonly string[]) => folders.map((folder) => resolve(folder));

export function resolveRendering({
  templates = ['templates'],
  pages = ['views'],
  helpers = {},
  partials = {},
  development = process.env['NODE_ENV'] !== 'production',
  checkFields = development,
}: RenderingOptions = {}): ResolvedRendering {
  return Object.freeze({
    templates: absolute(templates),
    pages: absolute(pages),
    helpers,
    partials,
    development,
    checkFields,
  });
}
