import { marksOf } from '../../component/parameter.decorators.js';
import type { LiveContext } from '../context/live.context.js';
import { argumentOf } from './pipeline-arguments.js';
import { ResponseFacade } from '../context/response-facade.js';

interface Mark {
  readonly index: number;
  readonly data?: string;
}

/** What the parameters of a hook are given that runs outside of Nest's pipeline: what they ask of the interaction. */
export const hookArguments = (live: LiveContext, hook: string): never[] => {
  const { type } = live.definition;
  const marks = Object.entries<Mark>(marksOf(type, hook));
  if (marks.length === 0) {
    return [];
  }
  const given: unknown[] = [];
  const asked = [live.request, new ResponseFacade(), undefined, live, live.payload] as const;
  for (const [mark, { index, data }] of marks) {
    given[index] = argumentOf(parseInt(mark, 10), data, asked);
  }
  return given as never[];
};
