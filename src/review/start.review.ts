import { Inject, Injectable, Logger } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';

import { ComponentFactory } from '../component/component.factory.js';
import { ComponentRegistry } from '../component/component.registry.js';
import { LiveSetupError } from '../errors/setup-error.js';
import { FeatureHost } from '../lifecycle/plan/feature-host.js';
import type { CompiledTemplate } from '../rendering/compiled-template.js';
import { PageRenderer } from '../rendering/page.renderer.js';
import { RendererSelector } from '../rendering/renderer.selector.js';
import { StateCodec } from '../state/codec.js';
import { reviewClass, type ReviewedClass } from './class.review.js';
import { ClassSource, lineAndColumn } from './class-source.js';
import { reviewFields } from './field.review.js';
import type { Mistake } from './mistake.js';
import { secondRootOf } from './root.review.js';
import { unscripted } from './script.review.js';
import { TemplateReview } from './template.review.js';
import { reviewTopics, toldBy, type Told } from './topic.review.js';
import { offsetOf } from './written-attributes.js';
import { WrittenFiles } from './written-files.js';

/** What is done about mistakes: the start is refused, or the log has them. */
export type OnMistakes = 'refuse' | 'tell' | 'ignore';

export interface ReviewSettings {
  readonly mistakes: OnMistakes;
  readonly production: boolean;
}

export const REVIEW_SETTINGS = Symbol('nest-live:review');

/** Looks once, when everything is there, for what a visitor would find by using it. */
@Injectable()
export class StartReview {
  private readonly logger = new Logger('Live');

  constructor(
    private readonly registry: ComponentRegistry,
    private readonly factory: ComponentFactory,
    private readonly renderers: RendererSelector,
    private readonly pages: PageRenderer,
    private readonly features: FeatureHost,
    private readonly codec: StateCodec,
    private readonly discovery: DiscoveryService,
    @Inject(REVIEW_SETTINGS) private readonly settings: ReviewSettings,
  ) {}

  /** @throws LiveSetupError `MISTAKES_FOUND` where the application wants it */
  async run(): Promise<void> {
    const { mistakes: wanted, production } = this.settings;
    if (wanted === 'ignore') {
      return;
    }
    const found = await this.mistakes();
    if (found.length === 0) {
      return;
    }
    const list = found.map(({ place, what }) => `${place} ${what}`).join('\n  ');
    const text = `${found.length === 1 ? 'A mistake' : `${found.length} mistakes`} that a visitor would find:\n  ${list}`;
    if (wanted === 'refuse') {
      throw new LiveSetupError('MISTAKES_FOUND', text);
    }
    if (production) this.logger.warn(text);
    else this.logger.error(text);
  }

  private async mistakes(): Promise<readonly Mistake[]> {
    const templates = new TemplateReview(
      this.registry,
      (definition, event) => this.features.reservedEvent(definition, event) !== undefined,
    );
    const told = this.told();
    const files = new WrittenFiles();
    const found: Mistake[] = [];
    for (const definition of this.registry.list()) {
      const reviewed = {
        definition,
        source: new ClassSource(definition.type, files),
        sample: this.factory.sample(definition),
      };
      found.push(...reviewClass(reviewed, this.codec));
      found.push(...reviewTopics(definition, told, (method) => reviewed.source.placeOfMember(method)));
      found.push(...this.inTemplates(reviewed));
      for (const template of this.renderers.for(definition).templatesOf(definition)) {
        found.push(...(await templates.of({ template, owner: definition, placeAt: placesIn(template, reviewed) })));
      }
    }
    for (const template of this.pages.templates()) {
      found.push(...(await templates.of({ template, placeAt: placesIn(template) })));
    }
    found.push(
      ...unscripted([...this.pages.templates()], this.registry, (definition) => [
        ...this.renderers.for(definition).templatesOf(definition),
      ]),
    );
    const unique = new Map(found.map((mistake) => [`${mistake.place} ${mistake.what}`, mistake]));
    return [...unique.values()];
  }

  private inTemplates(reviewed: ReviewedClass): readonly Mistake[] {
    const { definition } = reviewed;
    const renderer = this.renderers.for(definition);
    const [template] = [...renderer.templatesOf(definition)];
    if (template as CompiledTemplate | undefined) {
      const fields = reviewFields(reviewed, {
        template,
        helpers: renderer.helpers,
        added: this.features.viewNames(definition),
        partial: (name) => renderer.partial(name),
        placeOf: ({ template: of, loc }) => placesIn(of, reviewed)(offsetOf(of.source, loc.start)),
      });
      const second = secondRootOf(template);
      const what = `opens a second root element <${second?.tag ?? ''}>. A component is one element: put everything inside one.`;
      return second ? [...fields, { place: placesIn(template, reviewed)(second.offset), what }] : fields;
    }
    return [];
  }

  private told(): readonly Told[] {
    const wrappers = [...this.discovery.getProviders(), ...this.discovery.getControllers()];
    const types = new Set(wrappers.map(({ metatype }) => metatype).filter((type) => isClass(type)));
    return [...types].flatMap((type) => toldBy({ name: type.name, prototype: type.prototype as object }));
  }
}

const isClass = (type: unknown): type is { readonly name: string; readonly prototype: unknown } =>
  typeof type === 'function' && typeof (type as { prototype?: unknown }).prototype === 'object';

/** An inline template stands in the file of its class, where it was not put together. */
const placesIn =
  ({ file, source }: CompiledTemplate, reviewed?: ReviewedClass) =>
  (offset: number): string => {
    const isInline = reviewed !== undefined && source === reviewed.definition.options.template;
    const start = isInline ? reviewed.source.offsetOf(source) : undefined;
    return start === undefined || !reviewed
      ? `${file}:${lineAndColumn(source, offset)}`
      : reviewed.source.placeAt(start + offset);
  };
