import { Inject, Injectable } from '@nestjs/common';
import Handlebars from 'handlebars';

import { applicationRuns } from '../component/application-code.js';
import type { ComponentDefinition } from '../component/definition.js';
import { LiveSetupError } from '../errors/setup-error.js';
import { registerBuiltInHelpers } from './built-in-helpers.js';
import type { CompiledTemplate } from './compiled-template.js';
import { Marks } from './marks.js';
import { type Asked, registerPlacementHelpers, treeOf } from './placement-helpers.js';
import { registerOwnHelpers } from './own-helpers.js';
import { Placement } from './placement.js';
import type { Dynamic, Rendered } from './rendered.js';
import { Renderer } from './renderer.js';
import { RowBlocks } from './rows/row-blocks.js';
import type { RowMemory } from './rows/row-memory.js';
import { RENDERING, type ResolvedRendering } from './rendering.options.js';
import { checkSingleRoot } from './single-root.js';
import { checkFields } from './template-fields.js';
import { TemplateLibrary } from './template-library.js';
import { TemplateSetup } from './template-setup.js';
import { ofView } from './of-view.js';
import type { ViewObject } from './view-object.js';

interface Prepared {
  /** Set for a file: a changed one is looked up again. */
  readonly path?: string;
  readonly owner: string;
  template: CompiledTemplate;
  /** Length of the last output whose root was checked. */
  checkedLength: number;
  fieldsChecked: boolean;
}

/** Renders Handlebars templates, on a Handlebars of its own: two applications in one process share nothing. */
@Injectable()
export class HandlebarsRenderer extends Renderer {
  override readonly reportsApplicationCode = true;
  readonly #env = Handlebars.create();
  readonly #setup = new TemplateSetup(this.#env);
  readonly #library: TemplateLibrary;
  readonly #prepared = new Map<ComponentDefinition, Prepared>();
  #generation = 0;
  /** Templates run synchronously: what a helper leaves belongs to the one that runs. */
  #running = new Marks<Dynamic>();
  #rendering?: ComponentDefinition;
  #rows?: RowMemory;

  constructor(@Inject(RENDERING) private readonly options: ResolvedRendering) {
    super();
    registerBuiltInHelpers(this.#env);
    const rows = new RowBlocks({ env: this.#env, memory: () => this.#rows });
    for (const [name, helper] of Object.entries(options.helpers)) {
      this.#env.registerHelper(name, function (this: unknown, ...given: unknown[]): unknown {
        // It is given the rows themselves.
        applicationRuns();
        return helper.apply(this, given as Parameters<typeof helper>);
      });
    }
    registerPlacementHelpers(this.#env, { marks: () => this.#running, make: childOf });
    const { templates: folders, partials, development } = options;
    this.#library = new TemplateLibrary(this.#env, {
      ...{ folders, partials, development },
      prepare: (ast, isOutermost) => rows.marked(ast, isOutermost),
    });
  }

  prepare(definition: ComponentDefinition): void {
    this.#prepared.set(definition, this.#load(definition));
  }

  override sourcesOf(definition: ComponentDefinition): Iterable<string> {
    const prepared = this.#prepared.get(definition);
    return prepared === undefined ? [] : new Set([...this.#reachable(prepared)].map(({ source }) => source));
  }

  override templatesOf(definition: ComponentDefinition): Iterable<CompiledTemplate> {
    const prepared = this.#prepared.get(definition);
    return prepared === undefined ? [] : this.#reachable(prepared);
  }

  override get helpers(): ReadonlySet<string> {
    return new Set(Object.keys(this.#env.helpers));
  }

  override partial(name: string): CompiledTemplate | undefined {
    return this.#library.partial(name);
  }

  #reachable({ template }: Prepared): Iterable<CompiledTemplate> {
    return this.#library.reachable(template);
  }

  render(definition: ComponentDefinition, view: ViewObject, rows?: RowMemory): Rendered {
    if (this.options.development) this.#refresh();
    let prepared = this.#prepared.get(definition);
    if (prepared === undefined) {
      prepared = this.#load(definition);
      this.#prepared.set(definition, prepared);
    }
    if (!prepared.fieldsChecked) this.#checkFields(definition, prepared, view);
    const { runOutermost } = prepared.template;
    const marks = (this.#running = new Marks());
    // One that is still to be checked, or always, is printed as it is.
    const isInPieces = prepared.checkedLength >= 0 && !this.options.development;
    this.#rendering = definition;
    const html = Placement.collect(marks, () =>
      this.#withRows(rows, isInPieces ? marks : undefined, () => runOutermost(view, this.#setup.for(view))),
    );
    if (prepared.checkedLength !== html.length) this.#checkRoot(prepared, html);
    return treeOf(marks, html);
  }

  #withRows(rows: RowMemory | undefined, marks: Marks<Dynamic> | undefined, print: () => string): string {
    if (!rows || rows.rests) return print();
    this.#rows = rows;
    try {
      rows.begin(marks);
      const html = print();
      rows.end();
      return html;
    } finally {
      this.#rows = undefined;
    }
  }

  /** Whose helper is called: it is given the rows themselves. */
  #called(): ComponentDefinition | undefined {
    applicationRuns();
    return this.#rendering;
  }

  #load(definition: ComponentDefinition): Prepared {
    const { name, type, options } = definition;
    registerOwnHelpers(this.#env, { definition, rendering: () => this.#called() });
    this.#setup.renew();
    const owner = `component "${name}" (${type.name})`;
    const { template: inline } = options;
    if (typeof inline === 'function') {
      throw new LiveSetupError(
        'TEMPLATE_INVALID',
        `The template of ${owner} is a function, and Handlebars takes a string. Use renderer: TaggedTemplateRenderer.`,
      );
    }
    const path = inline === undefined ? this.#find(definition, owner) : undefined;
    const template =
      path === undefined
        ? this.#library.compile(inline ?? '', `${type.name} (inline template)`)
        : this.#library.file(path);
    this.#library.checkPartials(template);
    return { path, owner, template, checkedLength: -1, fieldsChecked: !this.options.checkFields };
  }

  #find({ name, options }: ComponentDefinition, owner: string): string {
    const wanted = options.templateFile ?? name;
    const path = this.#library.folders.find(wanted);
    if (path !== undefined) return path;
    throw new LiveSetupError(
      'TEMPLATE_NOT_FOUND',
      `The template "${wanted}.hbs" of ${owner} does not exist. Looked in ${String(this.#library.folders)}. ` +
        `Create the file, or give @LiveComponent('${name}', { template }) or { templateFile }.`,
    );
  }

  #refresh(): void {
    this.#library.refresh();
    if (this.#generation === this.#library.generation) return;
    for (const prepared of this.#prepared.values()) {
      if (prepared.path !== undefined) prepared.template = this.#library.file(prepared.path);
      else this.#library.check(prepared.template);
      prepared.checkedLength = -1;
      prepared.fieldsChecked = !this.options.checkFields;
    }
    // Last: while one is refused, each render looks again.
    this.#generation = this.#library.generation;
  }

  #checkFields(definition: ComponentDefinition, prepared: Prepared, view: ViewObject): void {
    const { state, temporary, computed } = definition;
    checkFields(prepared.template, {
      owner: prepared.owner,
      fields: new Set([...Object.keys(view), ...state.keys(), ...temporary, ...computed]),
      helpers: new Set(Object.keys(this.#env.helpers)),
      partial: (name) => this.#library.partial(name),
    });
    prepared.fieldsChecked = true;
  }

  #checkRoot(prepared: Prepared, html: string): void {
    if (prepared.checkedLength >= 0 && !this.options.development) return;
    const { owner, template } = prepared;
    checkSingleRoot(html, { owner, file: template.file, source: template.source });
    prepared.checkedLength = html.length;
  }
}

function childOf({ component, hash: { key, ...props }, slots, place }: Asked): Placement {
  if (component === undefined) {
    throw new LiveSetupError('TEMPLATE_INVALID', `${place} names no component. Write {{component 'name' key=id}}.`);
  }
  if (key !== undefined && typeof key !== 'string' && typeof key !== 'number' && typeof key !== 'bigint') {
    throw new LiveSetupError('TEMPLATE_INVALID', `${place} has a ${typeof key} as its key. Give a string or a number.`);
  }
  // What a template reads prints like an object, and cannot be kept like one.
  const given = ofView(props) as Record<string, unknown>;
  return new Placement({ component, key: key === undefined ? undefined : String(key), props: given, slots, place });
}
