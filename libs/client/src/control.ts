import { renderedAttribute } from './attributes.js';
import type { Control, ControlValue } from './control-value.js';
import { invoke, property } from './unshadowed.js';

export type { Control, ControlValue, SentValues } from './control-value.js';

export const isToggle = (control: Control): boolean => /^(checkbox|radio)$/.test(control.type);

const isSelect = (control: Control): control is HTMLSelectElement => control.type.startsWith('select');

/** The choices made, where several can be. */
export const choicesOf = (control: Control): readonly string[] | undefined =>
  control.type === 'select-multiple' ? choices(control as HTMLSelectElement) : undefined;

const choices = ({ selectedOptions }: HTMLSelectElement): readonly string[] =>
  Array.from(selectedOptions, ({ value }) => value);

export const isControl = (node: Node): node is Control =>
  /^(INPUT|TEXTAREA|SELECT)$/.test(property(node, 'nodeName')) && (node as Control).type !== 'file';

export const controlValue = (control: Control): ControlValue => {
  if (isToggle(control)) return (control as HTMLInputElement).checked;
  // One form for one choice and for several: a select that becomes a multiple one, or back, keeps what was chosen.
  return isSelect(control) ? JSON.stringify(choices(control)) : control.value;
};

/**
 * What the template says a control holds, as the browser understands it: a colour in small letters, a date without
 * seconds, the first choice that can be made. A reset of a copy says so.
 */
export const renderedValue = (control: Control): ControlValue => {
  if (control.type === 'hidden') return renderedAttribute(control, 'value') ?? '';
  const form = invoke(document, 'createElement', 'form') as HTMLFormElement;
  const copy = control.cloneNode(true) as Control;
  // It would be of no form in Firefox.
  copy.removeAttribute('form');
  invoke(form, 'append', copy);
  invoke(form, 'reset');
  return controlValue(copy);
};

/** Keeps the selection, as far as there is text. */
export const write = (control: Control, value: ControlValue): void => {
  if (controlValue(control) === value) return;
  const input = control as HTMLInputElement;
  const { selectionStart, selectionEnd } = input;
  if (isToggle(control)) input.checked = value as boolean;
  else if (isSelect(control)) {
    const chosen = JSON.parse(value as string) as readonly string[];
    if (!control.multiple) control.value = chosen[0] ?? '';
    else for (const option of control.options) option.selected = chosen.includes(option.value);
  } else control.value = value as string;
  // Only text has a selection.
  if (selectionStart != null && control === property(document, 'activeElement'))
    input.setSelectionRange(selectionStart, selectionEnd);
};
