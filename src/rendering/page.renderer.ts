import { isAbsolute } from 'node:path';

import { Inject, Injectable } from '@nestjs/common';
import Handlebars from 'handlebars';

import { LiveSetupError } from '../errors/setup-error.js';
import { registerBuiltInHelpers } from './built-in-helpers.js';
import { type CompiledTemplate, NO_PROTOTYPES, placeOf } from './compiled-template.js';
import { Marks } from './marks.js';
import { PageAssets } from './page-assets.js';
import type { PageExchange } from './page-exchange.js';
import { registerPageHelpers } from './page-helpers.js';
import { PageMounter, type PagePlace } from './page-mounter.js';
import { PageRenderError } from './page-render-error.js';
import { treeOf } from './placement-helpers.js';
import { Placement } from './placement.js';
import { RENDERING, type ResolvedRendering } from './rendering.options.js';
import { fillPlacements, type PlacedHtml } from './slot-contents.js';
import { TemplateFolders } from './template-folders.js';
import { TemplateLibrary } from './template-library.js';
import { isPartial, nodesOf, partialName } from './template-nodes.js';

/** Renders ordinary pages and mounts the components they name. */
@Injectable()
export class PageRenderer {
  readonly #env = Handlebars.create();
  readonly #failures = new WeakMap<object, string>();
  #library: TemplateLibrary | undefined;
  #extraFolders: readonly string[] = [];
  /** Helpers are synchronous, so the render that runs is the one that calls them. */
  #running: RunningPage = { marks: new Marks<Placement>() };

  constructor(
    @Inject(RENDERING) private readonly options: ResolvedRendering,
    private readonly mounter: PageMounter,
    private readonly assets: PageAssets,
  ) {
    registerBuiltInHelpers(this.#env);
    for (const [name, helper] of Object.entries(options.helpers)) this.#env.registerHelper(name, helper);
    registerPageHelpers(this.#env, {
      scriptUrls: () => this.assets.scriptUrls(this.#library?.sources() ?? [], this.#running.exchange),
      earlyScriptUrls: () => this.assets.earlyScriptUrls(this.#library?.sources() ?? [], this.#running.exchange),
      marks: () => this.#running.marks,
    });
    this.#rememberPlaces();
  }

  /** Absolute folders that pages are looked up in. */
  get folders(): readonly string[] {
    return [...this.#extraFolders, ...this.options.pages];
  }

  /**
   * Compiles every page and partial; absolute folders given here come before the configured ones.
   * @throws LiveSetupError with file and line
   */
  prepare(extraFolders: readonly string[] = []): void {
    this.#extraFolders = extraFolders.filter((folder) => !this.options.pages.includes(folder));
    this.#library = this.#open();
  }

  /** Every page, read by now. */
  *templates(): Generator<CompiledTemplate> {
    for (const name of this.#library === undefined ? [] : new TemplateFolders(this.folders).all().keys()) {
      const page = this.#library?.partial(name);
      if (page !== undefined) yield page;
    }
  }

  /**
   * @param name page name in the page folders, or an absolute path
   * @param data what the controller answered
   * @param exchange the request it is rendered for
   * @throws PageRenderError with file and line; LiveSetupError when there is no such page
   */
  async render(name: string, data: object = {}, exchange?: PageExchange): Promise<string> {
    const library = (this.#library ??= this.#open());
    library.refresh();
    const page = this.#find(name, library);
    const marks = new Marks<Placement>();
    const html = this.#run({ name, page, data, marks, exchange });
    const tree = treeOf(marks, html);
    const names = this.mounter.names(tree.placements(), exchange);
    const filled = await fillPlacements(tree, (wanted, contents, standing) =>
      this.#mount(name, wanted, { contents, standing, exchange, name: names.get(wanted) }),
    );
    return filled.toHtml();
  }

  #open(): TemplateLibrary {
    const { partials, development, templates } = this.options;
    return new TemplateLibrary(this.#env, { folders: [...this.folders, ...templates], partials, development });
  }

  #find(name: string, library: TemplateLibrary): CompiledTemplate {
    const path = library.folders.find(name);
    if (path !== undefined) return library.file(path);
    const where = isAbsolute(name) ? 'There is no such file' : `Looked in ${String(library.folders)}`;
    throw new LiveSetupError('TEMPLATE_NOT_FOUND', `The page "${name}" does not exist. ${where}.`);
  }

  #run({ name, page, data, ...running }: Running): string {
    const outer = this.#running;
    this.#running = running;
    try {
      return Placement.collect(running.marks, () => page.run(data, NO_PROTOTYPES));
    } catch (error) {
      if (error instanceof LiveSetupError) throw error;
      throw new PageRenderError(name, this.#placeOf(error, page), error);
    } finally {
      this.#running = outer;
    }
  }

  async #mount(name: string, wanted: Placement, about: PagePlace): Promise<PlacedHtml> {
    try {
      return await this.mounter.place(wanted, about);
    } catch (error) {
      throw error instanceof LiveSetupError ? error : new PageRenderError(name, wanted.place ?? name, error);
    }
  }

  #rememberPlaces(): void {
    const remember = (error: unknown, { loc }: Partial<hbs.AST.Node>) => {
      if (typeof error !== 'object' || error === null || loc === undefined || this.#failures.has(error)) return;
      this.#failures.set(error, placeOf(loc.source, loc));
    };
    for (const [name, helper] of Object.entries(this.#env.helpers)) {
      this.#env.registerHelper(name, function (this: unknown, ...given: unknown[]): unknown {
        try {
          return helper.apply(this, given as Parameters<typeof helper>);
        } catch (error) {
          remember(error, given[given.length - 1] as Partial<hbs.AST.Node>);
          throw error;
        }
      });
    }
  }

  #placeOf(error: unknown, page: CompiledTemplate): string {
    const known = typeof error === 'object' && error !== null ? this.#failures.get(error) : undefined;
    if (known !== undefined) return known;
    const missing = /^The partial (\S+) could not be found/.exec(error instanceof Error ? error.message : '')?.[1];
    for (const { ast, file } of [page, ...(this.#library?.partials() ?? [])]) {
      for (const node of nodesOf(ast)) {
        if (isPartial(node) && missing !== undefined && partialName(node) === missing) return placeOf(file, node.loc);
      }
    }
    return `${page.file}:1`;
  }
}

interface RunningPage {
  readonly marks: Marks<Placement>;
  readonly exchange?: PageExchange;
}

interface Running extends RunningPage {
  readonly name: string;
  readonly page: CompiledTemplate;
  readonly data: object;
}
