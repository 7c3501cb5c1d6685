import type { Type } from '@nestjs/common';

import type { ComponentDefinition } from '../component/definition.js';
import type { CompiledTemplate } from './compiled-template.js';
import type { RowMemory } from './rows/row-memory.js';
import type { Rendered } from './rendered.js';
import type { ViewObject } from './view-object.js';

declare module '../component/definition.js' {
  interface LiveComponentOptions {
    /** Renderer of this component. @default the module's renderer; the tagged-template renderer for a function template */
    renderer?: Type<Renderer>;
  }
}

/** Turns a component's view into a rendered tree. Injectable; chosen module-wide or per component. */
export abstract class Renderer {
  /** It tells by `applicationRuns()` where a render calls the application's own code. @default false: each render may */
  readonly reportsApplicationCode: boolean = false;

  /**
   * Called once per component at start-up: compile what can be compiled.
   * @throws LiveSetupError with file and line when the template is missing or wrong
   */
  abstract prepare(definition: ComponentDefinition): void | Promise<void>;

  /** What is known of the component's template before it is rendered: a page loads the parts of the client it names. */
  sourcesOf(_definition: ComponentDefinition): Iterable<string> {
    return [];
  }

  /** The same, as far as it is Handlebars: the component's own first, then what it includes. */
  templatesOf(_definition: ComponentDefinition): Iterable<CompiledTemplate> {
    return [];
  }

  /** Helpers that its templates may call. */
  get helpers(): ReadonlySet<string> {
    return NO_HELPERS;
  }

  /** What `{{> name}}` includes in them. */
  partial(_name: string): CompiledTemplate | undefined {
    return undefined;
  }

  /**
   * @param rows what the viewer was last shown of lists: a row that is the same need not be printed again
   * @throws what the template throws; the interaction then changes nothing
   */
  abstract render(definition: ComponentDefinition, view: ViewObject, rows?: RowMemory): Rendered | Promise<Rendered>;
}

const NO_HELPERS: ReadonlySet<string> = new Set();
