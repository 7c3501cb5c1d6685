import { readFileSync, statSync } from 'node:fs';

import { LiveSetupError } from '../errors/setup-error.js';
import {
  type CompiledTemplate,
  compileTemplate,
  type HandlebarsEnvironment,
  placeOf,
  type Prepare,
} from './compiled-template.js';
import { displayPath, TemplateFolders } from './template-folders.js';
import { inlinePartials, isPartial, nodesOf, partialName } from './template-nodes.js';
import { checkMarkup, type Surroundings } from './template-safety.js';

const LOOK_EVERY_MS = 250;

interface LibraryOptions {
  readonly folders: readonly string[];
  readonly partials: Readonly<Record<string, string>>;
  readonly development: boolean;
  /** What the code of a template is made of, in the place of its tree. */
  readonly prepare?: Prepare;
}

interface ReadFile extends CompiledTemplate {
  readonly stamp: string;
}

/** The templates of one Handlebars environment: read from folders, compiled once, each a partial under its name. */
export class TemplateLibrary implements Surroundings {
  readonly folders: TemplateFolders;
  /** Rises when a changed file was read again. */
  generation = 0;

  readonly #files = new Map<string, ReadFile>();
  readonly #partials = new Map<string, CompiledTemplate>();
  #lookedAt = Date.now();
  #broken: Error | undefined;

  constructor(
    private readonly env: HandlebarsEnvironment,
    private readonly options: LibraryOptions,
  ) {
    this.folders = new TemplateFolders(options.folders);
    this.#readPartials();
    this.#checkPartials();
  }

  partial(name: string): CompiledTemplate | undefined {
    return this.#partials.get(name);
  }

  partials(): Iterable<CompiledTemplate> {
    return this.#partials.values();
  }

  isHelper(name: string): boolean {
    return Object.hasOwn(this.env.helpers, name);
  }

  /** The text of every template known so far. */
  *sources(): Generator<string> {
    for (const { source } of this.#files.values()) yield source;
    for (const { source } of this.#partials.values()) yield source;
  }

  /** A template and the partials it names, and those they name. */
  reachable(template: CompiledTemplate): Iterable<CompiledTemplate> {
    const found = new Map([[template.source, template]]);
    const open = [template];
    for (let next = open.pop(); next; next = open.pop()) {
      for (const node of nodesOf(next.ast)) {
        const partial = isPartial(node) ? this.#partials.get(partialName(node) ?? '') : undefined;
        if (partial === undefined || found.has(partial.source)) continue;
        found.set(partial.source, partial);
        open.push(partial);
      }
    }
    return found.values();
  }

  compile(source: string, file: string): CompiledTemplate {
    return this.check(this.#compile(source, file));
  }

  /** The compiled file; read at most once unless it changed. */
  file(path: string): CompiledTemplate {
    return this.#files.get(path) ?? this.check(this.#read(path));
  }

  /** @throws LiveSetupError `TEMPLATE_UNSAFE_CONTEXT` when data stands where a browser would take it for code */
  check(template: CompiledTemplate): CompiledTemplate {
    checkMarkup(template, this);
    return template;
  }

  /** In development, reads changed files again. Production never looks. */
  refresh(): void {
    if (!this.options.development) return;
    if (Date.now() - this.#lookedAt >= LOOK_EVERY_MS) this.#look();
    if (this.#broken !== undefined) throw this.#broken;
  }

  /** @throws LiveSetupError when the template names a partial that neither a file, an option nor itself declares */
  checkPartials({ ast, file }: CompiledTemplate): void {
    const inline = inlinePartials(ast);
    for (const node of nodesOf(ast)) {
      if (!isPartial(node)) continue;
      const name = partialName(node);
      if (name === undefined || inline.has(name) || this.#partials.has(name)) continue;
      throw new LiveSetupError(
        'TEMPLATE_INVALID',
        `${placeOf(file, node.loc)} includes {{> ${name}}}, which does not exist. Looked in ${String(this.folders)}; ` +
          `add ${name}.hbs there or name it in the option "partials".`,
      );
    }
  }

  #compile(source: string, file: string): CompiledTemplate {
    return compileTemplate(this.env, source, file, this.options.prepare);
  }

  #readPartials(): void {
    const named = Object.entries(this.options.partials);
    for (const [name, source] of named) {
      this.#register(name, this.#compile(source, `partials["${name}"]`));
    }
    for (const [name, path] of this.folders.all()) {
      if (!Object.hasOwn(this.options.partials, name)) {
        this.#register(name, this.#files.get(path) ?? this.#read(path));
      }
    }
  }

  /** Once all are read, because each is judged with those it includes. */
  #checkPartials(): void {
    for (const template of this.#partials.values()) this.check(template);
  }

  #register(name: string, template: CompiledTemplate): void {
    this.#partials.set(name, template);
    this.env.registerPartial(name, template.run);
  }

  #read(path: string): ReadFile {
    const stamp = stampOf(path);
    const read = { ...this.#compile(readFileSync(path, 'utf8'), displayPath(path)), stamp };
    this.#files.set(path, read);
    return read;
  }

  #look(): void {
    this.#lookedAt = Date.now();
    this.#broken = undefined;
    const changed = [...this.#files].filter(([path, { stamp }]) => ![stamp, GONE].includes(stampOf(path)));
    if (changed.length === 0) return;
    try {
      for (const [path] of changed) this.#read(path);
      // A changed template may include a partial that is new.
      this.#readPartials();
      this.#checkPartials();
      this.generation += 1;
    } catch (error) {
      this.#broken = error as Error;
    }
  }
}

const GONE = 'gone';

function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? GONE : `${stat.mtimeMs}:${stat.size}`;
}
