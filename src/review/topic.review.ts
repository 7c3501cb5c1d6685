import type { ComponentDefinition } from '../component/definition.js';
import { topicMatches } from '../events/topic-pattern.js';
import { readTopics } from '../features/broadcasting/on-topic.decorator.js';
import { nearest, type Mistake } from './mistake.js';

/** A class of the application that may publish. */
export interface Teller {
  readonly name: string;
  readonly prototype: object;
}

const TOLD = /(?:\.broadcast\(\s*|\btopic:\s*)(['"`])([^'"`]+)\1/g;

/** Topics that somebody listens to under another name than they are told. */
export function* reviewTopics(
  { type }: ComponentDefinition,
  told: readonly Told[],
  placeOf: (method: string) => string,
): Generator<Mistake> {
  for (const { pattern, method } of readTopics(type.prototype as object)) {
    if (
      typeof pattern !== 'string' ||
      told.some(({ topic }) => topicMatches(pattern, topic) || topicMatches(topic, pattern))
    ) {
      continue;
    }
    const near = nearest(
      pattern,
      told.map(({ topic }) => topic),
    );
    const teller = told.find(({ topic }) => topic === near);
    if (teller !== undefined) {
      const what = `${type.name}.${method}() listens to "${pattern}", which nobody tells. Did you mean "${teller.topic}", as in ${teller.where}?`;
      yield { place: placeOf(method), what };
    }
  }
}

/** A topic somebody publishes to, as far as the code of a method says it. */
export interface Told {
  readonly topic: string;
  readonly where: string;
}

export const toldBy = ({ name, prototype }: Teller): readonly Told[] =>
  Object.entries(Object.getOwnPropertyDescriptors(prototype)).flatMap(([method, { value }]) => {
    if (typeof value !== 'function' || method === 'constructor') {
      return [];
    }
    const text = Function.prototype.toString.call(value);
    // A part that is computed may be any one segment.
    return [...text.matchAll(TOLD)].map(([, , topic]) => ({
      topic: topic.replace(/\$\{[^}]*\}/g, '*'),
      where: `${name}.${method}()`,
    }));
  });
