import { OnEvent } from 'nest-live';

type Handler = (this: object, ...args: unknown[]) => unknown;

/** What a decorated `submit` runs: the form's own. */
const wrapped = new WeakMap<Handler, Handler>();

/** The handler that is run in the end, whatever was put around it by `@DecorateSubmit()`. */
export const innermost = (handler: unknown): unknown => {
  let inner = handler as Handler;
  for (let next = wrapped.get(inner); next; next = wrapped.get(inner)) {
    inner = next;
  }
  return inner;
};

/**
 * Puts decorators on a form's own `submit`, which the class itself must leave alone: guards, interceptors, rate limits for
 * this event and no other. `@DecorateSubmit(RateLimit('3/min'), UseGuards(Human))`
 */
export const DecorateSubmit =
  (...decorators: readonly MethodDecorator[]): ClassDecorator =>
  (type) => {
    const prototype = type.prototype as { submit: Handler };
    const inner = prototype.submit;
    const submit = function (this: object, payload: unknown, ctx: unknown): unknown {
      return inner.call(this, payload, ctx);
    };
    wrapped.set(submit, inner);
    const descriptor = { value: submit, writable: true, configurable: true, enumerable: false };
    for (const decorate of [OnEvent(), ...decorators].reverse()) {
      decorate(prototype, 'submit', descriptor);
    }
    Object.defineProperty(prototype, 'submit', descriptor);
  };
