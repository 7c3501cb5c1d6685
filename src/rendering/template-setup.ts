import type Handlebars from 'handlebars';

import { type HandlebarsEnvironment, NO_PROTOTYPES } from './compiled-template.js';

/** What Handlebars hands to a partial: everything the template around it was set up with. */
interface SetUp extends Handlebars.RuntimeOptions {
  readonly hooks: unknown;
  readonly protoAccessControl: unknown;
}

/**
 * Handlebars wraps every helper anew for each run of a template, which costs as much as a small template itself. A partial
 * is handed what the template around it has: so is each run here, by what one template has told.
 */
export class TemplateSetup {
  #setUp?: SetUp;

  constructor(private readonly env: HandlebarsEnvironment) {}

  /** Helpers have come or gone. */
  renew(): void {
    this.#setUp = undefined;
  }

  /** What a template is run with. */
  for(view: object): Handlebars.RuntimeOptions {
    const { helpers, decorators, hooks, protoAccessControl } = (this.#setUp ??= this.#ask());
    const { partials } = this.env as unknown as { readonly partials: Handlebars.RuntimeOptions['partials'] };
    const options = { partial: true, data: { root: view }, helpers, partials, decorators, hooks, protoAccessControl };
    return options;
  }

  #ask(): SetUp {
    let told: SetUp | undefined;
    const tell = (_: unknown, options?: Handlebars.RuntimeOptions): string => {
      told = options as SetUp;
      return '';
    };
    this.env.compile('{{> tell}}')({}, { ...NO_PROTOTYPES, partials: { tell } });
    if (told === undefined) {
      throw new Error('Handlebars does not call its partials any more');
    }
    return told;
  }
}
