const TOPICS = 'nest-live:topics';

/** Topics of one instance, by its props and state fields; the fields win. Nothing for none. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the author knows what its props and fields are
export type TopicOf = (of: any) => string | readonly string[] | undefined;

export interface TopicHandler {
  readonly pattern: string | TopicOf;
  readonly method: string;
}

/**
 * A method the server calls when something is published to a topic: on every joined instance of the component, which
 * is then rendered anew for each viewer. It gets the message as its argument.
 * @param pattern a topic; `*` stands for one segment between dots: `orders.*`. A function names those of one instance by
 * its props and state: `({ room }) => `chat.${room}``
 */
export const OnTopic =
  (pattern: string | TopicOf): MethodDecorator =>
  (prototype, method) => {
    Reflect.defineMetadata(TOPICS, [...readTopics(prototype), { pattern, method: String(method) }], prototype);
  };

export const readTopics = (prototype: object): readonly TopicHandler[] =>
  (Reflect.getMetadata(TOPICS, prototype) ?? []) as TopicHandler[];
