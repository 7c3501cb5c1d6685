import type { ComponentRegistry } from '../component/component.registry.js';
import type { ComponentDefinition } from '../component/definition.js';
import type { CompiledTemplate } from '../rendering/compiled-template.js';
import { lineAndColumn } from './class-source.js';
import { callsEvent } from './known-attributes.js';
import type { Mistake } from './mistake.js';
import { writtenAttributes } from './written-attributes.js';

const PLACED = /\{\{#?\s*component\s+['"]([\w-]+)['"]/g;

/** Pages with components that need the client, where no page at all brings it in. */
export function* unscripted(
  pages: readonly CompiledTemplate[],
  registry: ComponentRegistry,
  templatesOf: (definition: ComponentDefinition) => readonly CompiledTemplate[],
): Generator<Mistake> {
  if (pages.some(({ source }) => source.includes('liveScripts'))) {
    return;
  }
  for (const { source, file } of pages) {
    for (const { 1: name, index } of source.matchAll(PLACED)) {
      const definition = registry.get(name);
      if (!definition || !templatesOf(definition).some(needsScript)) continue;
      const what = `shows "${name}", which needs the browser client, and no page brings it in. Write {{liveScripts}} into the <head>.`;
      yield { place: `${file}:${lineAndColumn(source, index)}`, what };
      return;
    }
  }
}

/** A form is sent by the browser itself, where it has to. */
const needsScript = (template: CompiledTemplate): boolean =>
  writtenAttributes(template).some(({ name }) => callsEvent(name) && !name.startsWith('live-submit'));
