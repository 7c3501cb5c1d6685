/** Topic of the event bus on which a node is told of events for callbacks it holds, and of what became of its own. */
export const callbackTopic = (node: string): string => `nest-live.callbacks.${node}`;

/** Another node says what happened to an instance whose callbacks are here. */
export interface CallbackEvent {
  readonly ref: string;
  readonly from: string;
  readonly instance: string;
  readonly event: string;
  readonly data?: unknown;
}

/** The answer: to how many callbacks it was handed. */
export interface CallbackReceipt {
  readonly ref: string;
  readonly delivered: number;
}

export const readCallbackMessage = (message: unknown): CallbackEvent | CallbackReceipt | undefined => {
  const { ref, delivered, from, instance, event } = (message ?? {}) as Partial<CallbackEvent & CallbackReceipt>;
  if (typeof ref !== 'string') {
    return undefined;
  }
  if (Number.isSafeInteger(delivered)) {
    return message as CallbackReceipt;
  }
  const isEvent = [from, instance, event].every((text) => typeof text === 'string' && text !== '');
  return isEvent ? (message as CallbackEvent) : undefined;
};
