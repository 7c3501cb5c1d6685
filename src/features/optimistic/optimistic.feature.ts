import type { ComponentDefinition } from '../../component/definition.js';
import { markedMethods } from '../../component/marked-methods.js';
import { LiveSetupError } from '../../errors/setup-error.js';
import { Feature, type ClientNeeds, type LiveFeature } from '../../lifecycle/context/live-feature.js';
import { OPTIMISTIC } from './optimistic.decorator.js';

type Changes = Readonly<Record<string, unknown>>;

/** Hands the handlers' predictions to the page, once, on the component's root. The server never reads them again. */
@Feature()
export class OptimisticFeature implements LiveFeature {
  /** @throws LiveSetupError `OPTIMISTIC_INVALID` */
  onDefine(definition: ComponentDefinition): void {
    const handlers = new Set([...definition.events.values()].map(({ method }) => method));
    for (const [method, changes] of markedMethods<Changes>(definition.type, OPTIMISTIC)) {
      const place = `@Optimistic() of ${definition.type.name}.${method}`;
      if (!handlers.has(method)) {
        throw invalid(`${place} predicts nothing: the page cannot call this method. Add @OnEvent().`);
      }
      check(definition, { place, changes });
    }
  }

  client({ type, events }: ComponentDefinition): ClientNeeds | undefined {
    const predictions = markedMethods<Changes>(type, OPTIMISTIC);
    const hints = [...events.values()]
      .filter(({ method }) => predictions.has(method))
      .map(({ name, method }) => [name, predictions.get(method)] as const);
    if (hints.length === 0) {
      return undefined;
    }
    const attributes = { 'live-optimistic-events': JSON.stringify(Object.fromEntries(hints)) };
    return { attributes, modules: ['optimistic'] };
  }
}

const invalid = (message: string) => new LiveSetupError('OPTIMISTIC_INVALID', message);

function check(definition: ComponentDefinition, { place, changes }: { place: string; changes: Changes }): void {
  const { state, temporary, computed } = definition;
  const shown = [
    ...[...state.values()].filter(({ secret }) => !secret).map(({ name }) => name),
    ...temporary,
    ...computed,
  ];
  if (Object.keys(changes).length === 0) {
    throw invalid(`${place} is empty. Name a field: @Optimistic({ ${shown[0] ?? 'count'}: … }).`);
  }
  for (const [field, change] of Object.entries(changes)) {
    if (!shown.includes(field)) {
      throw invalid(`${place} names "${field}", which no template can show. There is: ${shown.join(', ')}.`);
    }
    const expected = expectationOf(state.get(field)?.type, change);
    if (expected !== undefined) {
      throw invalid(`${place} makes "${field}" ${JSON.stringify(change)}. Write ${expected}.`);
    }
  }
}

/** What should stand there instead; undefined when the change fits the field. */
function expectationOf(type: unknown, change: unknown): string | undefined {
  const isStep = typeof change === 'string' && /^[+-]\d+(\.\d+)?$/.test(change);
  if (type === Number) return isStep || Number.isFinite(change) ? undefined : '"+1", "-1" or a number';
  if (type === Boolean)
    return change === 'toggle' || typeof change === 'boolean' ? undefined : '"toggle", true or false';
  if (type === String) return typeof change === 'string' ? undefined : 'a string';
  const isPlain = typeof change === 'string' || typeof change === 'boolean' || Number.isFinite(change);
  return isPlain ? undefined : 'a step, "toggle", a string, a number or a boolean';
}
