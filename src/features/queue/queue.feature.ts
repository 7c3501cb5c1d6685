import type { ComponentDefinition } from '../../component/definition.js';
import { markedMethods } from '../../component/marked-methods.js';
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
    for (const [method, mode] of markedMethods(type, CONCURRENCY)) {
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
    const modes = markedMethods(type, CONCURRENCY);
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
