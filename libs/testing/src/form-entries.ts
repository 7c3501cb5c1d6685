import type { ShownControl, ShownElement, ShownForm } from './screen.js';

export type FormEntry = readonly [name: string, value: string];

type Option = ShownElement & { readonly selected: boolean; readonly value: string };

const SUBMITS = /^(?:submit|image)$/;
const BUTTONS = /^(?:submit|image|button|reset)$/;
const CHOICES = /^(?:checkbox|radio)$/;

/**
 * What a form sends, in the order of its controls and without files: the entry list of the HTML Standard (“constructing the entry list”), which
 * happy-dom makes in its own way (controls in a disabled fieldset, disabled options, both of two chosen radio buttons).
 */
export const formEntries = (form: ShownForm, submitter?: ShownElement): readonly FormEntry[] =>
  controlsOf(form).flatMap((control) => (isSent(control, submitter) ? entriesOf(control) : []));

/** Of the form and those outside that name it, in the order of the page. */
export const controlsOf = (form: ShownForm): readonly ShownControl[] => {
  const all = rootOf(form).querySelectorAll('input,select,textarea,button') as Iterable<ShownControl>;
  const own = new Set(form.elements);
  return [...all].filter((control) => own.has(control));
};

/** By itself or by a fieldset, whose first legend stays as it is. */
export const isDisabled = (control: ShownElement): boolean => {
  if (control.hasAttribute('disabled')) return true;
  for (let around = control.closest('fieldset[disabled]'); around; around = above(around, 'fieldset[disabled]')) {
    const legend = [...around.querySelectorAll('legend')].find((one) => one.parentElement === around);
    if (!legend || ![...legend.querySelectorAll('*')].includes(control)) return true;
  }
  return false;
};

/** By a click, or by Enter. */
export const isSubmitter = (control: ShownControl): boolean => SUBMITS.test(control.type) && !isDisabled(control);

const isSent = (control: ShownControl, submitter?: ShownElement): boolean => {
  if (isDisabled(control) || control.type === 'file') return false;
  if (BUTTONS.test(control.type)) return control === submitter;
  return !CHOICES.test(control.type) || control.checked;
};

const entriesOf = (control: ShownControl): readonly FormEntry[] => {
  const { name, type } = control;
  if (type === 'image') return ['x', 'y'].map((axis) => [name ? `${name}.${axis}` : axis, '0']);
  if (!name) return [];
  if (control.options) return chosen(control).map((value) => [name, value]);
  if (type === 'hidden' && name.toLowerCase() === '_charset_') return [[name, 'UTF-8']];
  const direction = control.getAttribute('dirname');
  const own: FormEntry = [name, CHOICES.test(type) ? (control.getAttribute('value') ?? 'on') : control.value];
  return direction ? [own, [direction, isRightToLeft(control) ? 'rtl' : 'ltr']] : [own];
};

/** The values of the options that are chosen. */
const chosen = (control: ShownControl): readonly string[] =>
  ([...(control.options ?? [])] as Option[])
    .filter((option) => option.selected && !isDisabledOption(option))
    .map((option) => option.getAttribute('value') ?? option.textContent.trim().replace(/[\t\n\f\r ]+/g, ' '));

const isDisabledOption = (option: ShownElement): boolean =>
  option.hasAttribute('disabled') || option.closest('optgroup[disabled]') !== null;

const isRightToLeft = (control: ShownElement): boolean => control.closest('[dir]')?.getAttribute('dir') === 'rtl';

const above = (element: ShownElement, selector: string): ShownElement | null =>
  element.parentElement?.closest(selector) ?? null;

const rootOf = (element: ShownElement): ShownElement =>
  element.parentElement ? rootOf(element.parentElement) : element;
