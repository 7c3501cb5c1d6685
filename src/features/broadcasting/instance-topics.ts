import type { LiveContext } from '../../lifecycle/context/live.context.js';
import { topicMatches } from '../../events/topic-pattern.js';
import type { TopicHandler, TopicOf } from './on-topic.decorator.js';

/** What instances on this node listen to, as of when they were last looked at here. */
export class InstanceTopics {
  private readonly known = new Map<string, ReadonlyMap<string, readonly string[]>>();

  learn(ctx: LiveContext, handlers: readonly TopicHandler[]): void {
    const own = handlers.map(({ method, pattern }) => [method, topicsOf(pattern, ctx)] as const);
    this.known.set(ctx.id, new Map(own));
  }

  forget(id: string): void {
    this.known.delete(id);
  }

  /** False only where it is known. */
  mayHear(id: string, { method }: TopicHandler, topic: string): boolean {
    const topics = this.known.get(id)?.get(method);
    return topics === undefined || topics.some((pattern) => topicMatches(pattern, topic));
  }
}

/** Whether the instance listens, as it is now. */
export const hears = (ctx: LiveContext, { pattern }: TopicHandler, topic: string): boolean =>
  topicsOf(pattern, ctx).some((one) => topicMatches(one, topic));

const topicsOf = (pattern: string | TopicOf, { props, component, definition }: LiveContext): readonly string[] => {
  if (typeof pattern === 'string') {
    return [pattern];
  }
  const fields = [...definition.state.keys()].map(
    (name) => [name, (component as Record<string, unknown>)[name]] as const,
  );
  const topics = pattern({ ...props, ...Object.fromEntries(fields) });
  return topics === undefined ? [] : [topics].flat();
};
