import type { TemplateHelper } from 'nest-live/extend';

import { fieldMarkup } from './form.markup.js';
import {
  answerText,
  errorsId,
  fieldErrors,
  fieldId,
  fieldText,
  hasFieldError,
  isChosen,
  type FormView,
} from './form.values.js';

/** A name may come in steps: `{{value 'guests' @index 'name'}}`. */
const nameOf = (steps: readonly unknown[]): string => steps.map(String).join('.');

const named =
  (read: (view: FormView, name: string) => unknown): TemplateHelper =>
  ({ view }, ...steps) =>
    read(view, nameOf(steps));

/** `{{value 'email'}}` and its like. */
export const formHelpers: Readonly<Record<string, TemplateHelper>> = {
  value: ({ view, named: { type = 'text' } }, ...steps) => fieldText(view, nameOf(steps), String(type)),
  fieldErrors: named(fieldErrors),
  hasFieldError: named(hasFieldError),
  fieldId: named(fieldId),
  errorsId: named(errorsId),
  isChosen: ({ view }, name, option) => isChosen(view, String(name), option),
  field: (call, ...steps) => fieldMarkup(call, nameOf(steps)),
};

/** Ids of two steps are apart, so that no text moves from one step into the other. */
const inStep =
  (helper: TemplateHelper | undefined): TemplateHelper =>
  ({ view, named: given }, ...rest) =>
    helper?.({ view: { ...view, id: `${String(view.id)}-${String(view.step)}` }, named: given }, ...rest);

/** Those of a form, which mean the step that is shown, and `{{answer 'contact.email'}}` for any step. */
export const wizardHelpers: Readonly<Record<string, TemplateHelper>> = {
  ...formHelpers,
  fieldId: inStep(formHelpers.fieldId),
  errorsId: inStep(formHelpers.errorsId),
  field: inStep(formHelpers.field),
  isStep: ({ view }, name) => view.step === name,
  answer: named(answerText),
};
