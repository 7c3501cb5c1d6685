import type Handlebars from 'handlebars';

import { templateHelpersOf } from '../component/base-class.js';
import type { ComponentDefinition } from '../component/definition.js';
import { LiveSetupError } from '../errors/setup-error.js';
import { type HandlebarsEnvironment, placeOf } from './compiled-template.js';
import { SafeHtml } from './safe-html.js';

interface CallOptions extends Handlebars.HelperOptions {
  readonly loc: hbs.AST.SourceLocation;
  lookupProperty(parent: unknown, name: string): unknown;
}

/**
 * Registers the helpers that a component's base class brings. One name may be another helper in another component, and
 * means a field where it is called without arguments; a helper that the application has registered wins.
 * @param rendering the component that is being rendered
 */
export function registerOwnHelpers(
  env: HandlebarsEnvironment,
  { definition, rendering }: { definition: ComponentDefinition; rendering: () => ComponentDefinition | undefined },
): void {
  for (const name of Object.keys(templateHelpersOf(definition))) {
    if (!Object.hasOwn(env.helpers, name)) env.registerHelper(name, dispatch(env, name, rendering));
  }
}

function dispatch(
  env: HandlebarsEnvironment,
  name: string,
  rendering: () => ComponentDefinition | undefined,
): Handlebars.HelperDelegate {
  return function (this: unknown, ...given: unknown[]): unknown {
    const options = given.pop() as CallOptions;
    const named = options.hash as Readonly<Record<string, unknown>>;
    if (given.length === 0 && Object.keys(named).length === 0) {
      return this === null || this === undefined ? undefined : options.lookupProperty(this, name);
    }
    const definition = rendering();
    const helper = definition && templateHelpersOf(definition)[name];
    if (helper === undefined) {
      const place = placeOf(options.loc.source, options.loc);
      const owner = definition?.type.name ?? 'this template';
      throw new LiveSetupError('TEMPLATE_INVALID', `${place} calls {{${name} …}}, which ${owner} does not have.`);
    }
    const { root } = options.data as { readonly root: Readonly<Record<string, unknown>> };
    const answer = helper({ view: root, named }, ...given);
    // As a block it decides whether, or how often, its content is printed: what it answers is never printed unescaped.
    if (typeof (options.fn as unknown) === 'function') {
      const block = env.helpers['blockHelperMissing'];
      return block.call(this, answer, options) as unknown;
    }
    return SafeHtml.is(answer) ? new env.SafeString(answer.toString()) : answer;
  };
}
