import { Injectable } from '@nestjs/common';

import type { ComponentDefinition, TemplateFunction } from '../component/definition.js';
import { LiveSetupError } from '../errors/setup-error.js';
import { Rendered } from './rendered.js';
import { Renderer } from './renderer.js';
import { checkSingleRoot } from './single-root.js';
import type { ViewObject } from './view-object.js';

/** Renders templates that are functions and answer with the `html` tag: a tree of statics and dynamics. */
@Injectable()
export class TaggedTemplateRenderer extends Renderer {
  readonly #checked = new Set<ComponentDefinition>();

  prepare(definition: ComponentDefinition): void {
    templateOf(definition);
  }

  override sourcesOf(definition: ComponentDefinition): Iterable<string> {
    return [String(templateOf(definition))];
  }

  async render(definition: ComponentDefinition, view: ViewObject): Promise<Rendered> {
    const template = templateOf(definition);
    const rendered: unknown = await template(view);
    if (!(rendered instanceof Rendered)) {
      const wrong = `${place(definition)} answered with a ${typeof rendered}. Return html\`…\`.`;
      throw new LiveSetupError('TEMPLATE_INVALID', wrong);
    }
    if (!this.#checked.has(definition)) this.#check(definition, { rendered, source: String(template) });
    return rendered;
  }

  #check(definition: ComponentDefinition, { rendered, source }: { rendered: Rendered; source: string }): void {
    const { name, type } = definition;
    const owner = `component "${name}" (${type.name})`;
    checkSingleRoot(rendered.toHtml(), { owner, file: `${type.name} (template function)`, source });
    this.#checked.add(definition);
  }
}

const place = ({ name, type }: ComponentDefinition) => `The template of component "${name}" (${type.name})`;

function templateOf(definition: ComponentDefinition): TemplateFunction {
  const { template } = definition.options;
  if (typeof template === 'function') return template;
  throw new LiveSetupError(
    'TEMPLATE_INVALID',
    `${place(definition)} is not a function. Give @LiveComponent('${definition.name}', { template: (view) => html\`…\` }).`,
  );
}
