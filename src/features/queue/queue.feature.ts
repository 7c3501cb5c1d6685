import type { ComponentDefinition } from '../../component/definition.js';
import { LiveSetupError } from '../../errors/setup-error.js';
import { Feature, type ClientNeeds, type LiveFeature } from '../../lifecycle/context/live-feature.js';
import { CONCURRENCY } from './concurrency.decorator.js';

const MODES = ['queue', 'latest', 'drop'];

/** Hands to the page which events give way to each other. The order itself is kept with or without it. */
@Feature()
export class QueueFeature implements LiveFeature {
  /** @throws LiveSetupError `OPTION_INVALID` */
  onDefine({ type, events }: ComponentDefinition): void {
    const handlers = new Set([...events.values()].map(({ method }) => method));
    for (const [method, mode] of modesOf(type)) {
      const place = `@Concurrency() of ${type.name}.${method}`;
      if (!handlers.has(method)) {
        throw invalid(`${place} changes nothing: the page cannot call this method. Add @OnEvent().`);
      }
      if (!MODES.includes(mode as string)) {
        throw invalid(`${place} is ${JSON.stringify(mode)}. Write one of "${MODES.join('", "')}".`);
      }
    }
  }

  client({ type, events }: ComponentDefinition): ClientNeeds | undefined {
    const modes = new Map(modesOf(type));
    const named = [...events.values()]
      .map(({ name, method }) => [name, modes.get(method)] as const)
      .filter(([, mode]) => mode !== undefined && mode !== 'queue');
    if (named.length === 0) {
      return undefined;
    }
    return { attributes: { 'live-concurrency': JSON.stringify(Object.fromEntries(named)) }, modules: ['queue'] };
  }
}

const invalid = (message: string) => new LiveSetupError('OPTION_INVALID', message);

/** By method, also of the classes it extends; a method that was written anew has its own or none. */
function modesOf(type: ComponentDefinition['type']): readonly (readonly [string, unknown])[] {
  const found = new Map<string, unknown>();
  let level = type.prototype as object | null;
  for (; level !== null; level = Object.getPrototypeOf(level) as object | null) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(level))) {
      if (typeof value !== 'function' || found.has(name)) continue;
      found.set(name, Reflect.getOwnMetadata(CONCURRENCY, value as object));
    }
  }
  return [...found].filter(([, mode]) => mode !== undefined);
}
