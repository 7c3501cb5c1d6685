import { LiveSetupError, type ComponentDefinition } from 'nest-live';

const OWN_EVENTS = ['submit', 'change'] as const;
const HOOKS = { onSubmit: 'submit', onChange: 'change', initial: 'mount' } as const;

/** The method of a form that a class must leave alone, because validation is in it. */
type Forms = Readonly<Record<(typeof OWN_EVENTS)[number], unknown>>;

/**
 * Refuses a form that goes around its own validation.
 * @param base the prototype with the form's own handlers
 * @throws LiveSetupError `FORM_INVALID`
 */
export const checkFormClass = ({ type, events }: ComponentDefinition, base: Forms): void => {
  for (const event of OWN_EVENTS) {
    const { method } = events.get(event) ?? {};
    const handler = (type.prototype as Record<string, unknown>)[method ?? event];
    if (handler !== base[event]) {
      const hook = event === 'submit' ? 'onSubmit()' : 'onChange()';
      throw new LiveSetupError(
        'FORM_INVALID',
        `${type.name} has a handler of its own for "${event}", in which nothing would be validated. Write ${hook} instead: it is called with what was validated.`,
      );
    }
  }
  for (const { name, method } of events.values()) {
    if (Object.hasOwn(HOOKS, method)) {
      throw new LiveSetupError(
        'FORM_INVALID',
        `${type.name}.${method} is open to the page as "${name}", and would be called with what nobody has validated. Take its @OnEvent() away: the form calls it.`,
      );
    }
  }
};
