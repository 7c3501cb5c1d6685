import { LiveSetupError, type ComponentDefinition } from 'nest-live';

import { innermost } from './submit.decorator.js';

/** Called by the form, with what it has validated. */
const HOOKS: ReadonlySet<string> = new Set(['onSubmit', 'onChange', 'initial']);

/**
 * Refuses a form that goes around its own validation.
 * @param base the prototype with the form's own handlers
 * @param names those handlers
 * @throws LiveSetupError `FORM_INVALID`
 */
export const checkFormClass = <Base extends object>(
  { type, events }: ComponentDefinition,
  base: Base,
  names: readonly (keyof Base & string)[],
): void => {
  for (const event of names) {
    const { method } = events.get(event) ?? {};
    const handler = (type.prototype as Record<string, unknown>)[method ?? event];
    if (innermost(handler) !== base[event]) {
      const hook = event === 'change' ? 'onChange()' : 'onSubmit()';
      throw new LiveSetupError(
        'FORM_INVALID',
        `${type.name} has a handler of its own for "${event}", in which nothing would be validated. Write ${hook} instead: it is called with what was validated.`,
      );
    }
  }
  for (const { name, method } of events.values()) {
    if (HOOKS.has(method)) {
      throw new LiveSetupError(
        'FORM_INVALID',
        `${type.name}.${method} is open to the page as "${name}", and would be called with what nobody has validated. Take its @OnEvent() away: the form calls it.`,
      );
    }
  }
};
