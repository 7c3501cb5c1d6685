import type { Clock, TemplateCall } from 'nest-live/extend';

import { controlText } from './control.text.js';
import { valueAt } from './form.data.js';
import { pathOf, plainName } from './form.names.js';
import { textOf } from './form.text.js';

/** What the template of a form sees. */
export type FormView = TemplateCall['view'];

/** What a field of the form that is shown holds, as the text of its control. @param type of the control */
export const fieldText = (view: FormView, name: string, type = 'text'): string =>
  controlText(valueAt(view.data, pathOf(name)), type, clockAt(view, name));

export const fieldValue = (view: FormView, name: string): unknown => valueAt(view.data, pathOf(name));

/** Rows have the clocks of their list. */
const clockAt = ({ clocks = {} }: FormView, name: string): Clock | undefined => {
  const plain = pathOf(name).filter((step) => !/^\d+$/.test(step));
  const known = clocks as Readonly<Record<string, Clock | undefined>>;
  return known[plain.join('.')] ?? known[''];
};

/** What is wrong with a field of the form that is shown. */
export const fieldErrors = (view: FormView, name: string): readonly string[] => {
  const errors = (view.fieldErrors ?? {}) as Readonly<Record<string, readonly string[] | undefined>>;
  return errors[plainName(name)] ?? [];
};

export const hasFieldError = (view: FormView, name: string): boolean => fieldErrors(view, name).length > 0;

/** Whether a box, a radio button or an option is the one that is chosen, or one of those. */
export const isChosen = (view: FormView, name: string, option?: unknown): boolean => {
  const value = valueAt(view.data, pathOf(name));
  if (option === undefined) {
    return value === true || textOf(value) === 'true' || value === 'on';
  }
  const texts = (Array.isArray(value) ? (value as unknown[]) : [value]).map(choiceText);
  return texts.includes(choiceText(option));
};

/** A no is a choice, too. */
const choiceText = (value: unknown): string => (value === false ? 'false' : textOf(value));

/** The id of a field's control, for its label: its own in each instance. */
export const fieldId = (view: FormView, name: string): string =>
  `${String(view.id)}-${plainName(name).replaceAll('.', '-')}`;

/** The id of the element that says what is wrong with a field. */
export const errorsId = (view: FormView, name: string): string => `${fieldId(view, name)}-errors`;

/** What was entered in any step of the wizard that is shown: `contact.email`. */
export const answerText = (view: FormView, name: string): string =>
  controlText(valueAt(view.answers, pathOf(name)), 'text', clockAt(view, name));
