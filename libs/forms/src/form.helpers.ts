import type { TemplateCall, TemplateHelper } from 'nest-live/extend';

import { valueAt } from './form.data.js';
import { pathOf, plainName } from './form.names.js';
import { textOf } from './form.text.js';

type View = TemplateCall['view'];

/** What a field of the form that is shown holds, as the text of its control. */
export const fieldText = (view: View, name: string): string => textOf(valueAt(view.data, pathOf(name)));

/** What is wrong with a field of the form that is shown. */
export const fieldErrors = (view: View, name: string): readonly string[] => {
  const errors = (view.fieldErrors ?? {}) as Readonly<Record<string, readonly string[] | undefined>>;
  return errors[plainName(name)] ?? [];
};

export const hasFieldError = (view: View, name: string): boolean => fieldErrors(view, name).length > 0;

/** Whether a box, a radio button or an option is the one that is chosen, or one of those. */
export const isChosen = (view: View, name: string, option?: unknown): boolean => {
  const value = valueAt(view.data, pathOf(name));
  if (option === undefined) {
    return value === true || textOf(value) === 'true' || value === 'on';
  }
  const texts = (Array.isArray(value) ? (value as unknown[]) : [value]).map(textOf);
  return texts.includes(textOf(option));
};

/** The id of a field's control, for its label: its own in each instance. */
export const fieldId = (view: View, name: string): string =>
  `${String(view.id)}-${plainName(name).replaceAll('.', '-')}`;

/** The id of the element that says what is wrong with a field. */
export const errorsId = (view: View, name: string): string => `${fieldId(view, name)}-errors`;

const named =
  (read: (view: View, name: string) => unknown): TemplateHelper =>
  ({ view }, name) =>
    read(view, String(name));

/** What was entered in any step of the wizard that is shown: `contact.email`. */
export const answerText = (view: View, name: string): string => textOf(valueAt(view.answers, pathOf(name)));

/** `{{value 'email'}}` and its like. */
export const formHelpers: Readonly<Record<string, TemplateHelper>> = {
  value: named(fieldText),
  fieldErrors: named(fieldErrors),
  hasFieldError: named(hasFieldError),
  fieldId: named(fieldId),
  errorsId: named(errorsId),
  isChosen: ({ view }, name, option) => isChosen(view, String(name), option),
};

/** Ids of two steps are apart, so that no text moves from one step into the other. */
const inStep =
  (read: (view: View, name: string) => string): TemplateHelper =>
  ({ view }, name) =>
    read({ ...view, id: `${String(view.id)}-${String(view.step)}` }, String(name));

/** Those of a form, which mean the step that is shown, and `{{answer 'contact.email'}}` for any step. */
export const wizardHelpers: Readonly<Record<string, TemplateHelper>> = {
  ...formHelpers,
  fieldId: inStep(fieldId),
  errorsId: inStep(errorsId),
  answer: named(answerText),
};
