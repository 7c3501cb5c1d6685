import { OnEvent } from 'nest-live';

type Handler = (this: object, ...args: unknown[]) => unknown;

/** What a decorated event runs: the form's own. */
const wrapped = new WeakMap<Handler, Handler>();

/** The handler that is run in the end, whatever was put around it by `@DecorateSubmit()`. */
export const innermost = (handler: unknown): unknown => {
  let inner = handler as Handler;
  for (let next = wrapped.get(inner); next; next = wrapped.get(inner)) {
    inner = next;
  }
  return inner;
};

/** Static list of a base class: its events that may end in `onSubmit()`. */
export const SUBMITTING = Symbol('nest-live:submitting');

interface FormClass {
  readonly [SUBMITTING]: readonly string[];
  readonly prototype: Record<string, Handler>;
}

/**
 * Puts decorators on a form's own events that submit it, which the class itself must leave alone: guards, interceptors,
 * rate limits for these and no others. `@DecorateSubmit(RateLimit('3/min'), UseGuards(Human))`. They are `submit`; in a
 * `ModelFormComponent` `keepMine` too, and in a `WizardComponent` `next`. A limit counts each by itself.
 */
export const DecorateSubmit =
  (...decorators: readonly MethodDecorator[]): ClassDecorator =>
  (type) => {
    const { [SUBMITTING]: names, prototype } = type as unknown as FormClass;
    for (const name of names) {
      decorateEvent(prototype, name, decorators);
    }
  };

const decorateEvent = (
  prototype: FormClass['prototype'],
  name: string,
  decorators: readonly MethodDecorator[],
): void => {
  const inner = prototype[name];
  const handler = function (this: object, payload: unknown, ctx: unknown): unknown {
    return inner.call(this, payload, ctx);
  };
  wrapped.set(handler, inner);
  const descriptor = { value: handler, writable: true, configurable: true, enumerable: false };
  for (const decorate of [OnEvent(), ...decorators].reverse()) {
    decorate(prototype, name, descriptor);
  }
  Object.defineProperty(prototype, name, descriptor);
};
