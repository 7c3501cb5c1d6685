const TOPICS = 'nest-live:topics';

export interface TopicHandler {
  readonly pattern: string;
  readonly method: string;
}

/**
 * A method the server calls when something is published to a topic: on every joined instance of the component, which
 * is then rendered anew for each viewer. It gets the message as its argument.
 * @param pattern a topic; `*` stands for one segment between dots: `orders.*`
 */
export const OnTopic =
  (pattern: string): MethodDecorator =>
  (prototype, method) => {
    Reflect.defineMetadata(TOPICS, [...readTopics(prototype), { pattern, method: String(method) }], prototype);
  };

export const readTopics = (prototype: object): readonly TopicHandler[] =>
  (Reflect.getMetadata(TOPICS, prototype) ?? []) as TopicHandler[];
