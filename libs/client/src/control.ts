import { property } from './unshadowed.js';

export type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** What the person sees in a control: text or choice, checked or not. */
export type ControlValue = string | boolean;

/** Controls whose values went along with an event, as they were then. */
export type SentValues = ReadonlyMap<Element, ControlValue>;

const isToggle = (control: Control): boolean => /^(checkbox|radio)$/.test(control.type);

export const isControl = (node: Node): node is Control =>
  /^(INPUT|TEXTAREA|SELECT)$/.test(property(node, 'nodeName')) && (node as Control).type !== 'file';

export const controlValue = (control: Control): ControlValue =>
  isToggle(control) ? (control as HTMLInputElement).checked : control.value;

/** What the server rendered last: where the value differs from it, a person has changed it. */
export const renderedValue = (control: Control): ControlValue => {
  const { defaultChecked, defaultValue } = control as HTMLInputElement;
  if (!(control instanceof HTMLSelectElement)) return isToggle(control) ? defaultChecked : defaultValue;
  return (control.querySelector<HTMLOptionElement>('[selected]') ?? control.options[0])?.value ?? '';
};

/** Keeps the selection, as far as there is text. */
export const write = (control: Control, value: ControlValue): void => {
  if (controlValue(control) === value) return;
  const input = control as HTMLInputElement;
  const { selectionStart, selectionEnd } = input;
  if (isToggle(control)) input.checked = value as boolean;
  else control.value = value as string;
  if (control === property(document, 'activeElement') && selectionStart != null)
    input.setSelectionRange(selectionStart, selectionEnd);
};

/** Whether the template says what the control holds, rather than leaving it to the person. */
const isBound = (control: Control): boolean =>
  isToggle(control) || control.matches('[value],textarea:not(:empty),:has([selected])');

export interface Cause {
  readonly sentValues: SentValues;
  /** A submit that was accepted: its form starts again from what the template says. */
  readonly clears?: boolean;
}

/**
 * Prepares the decision between the person and the server, to be carried out when the elements have been morphed. The
 * server wins where nobody has typed since its last render, and where this render answers the very value shown. What is
 * chosen in a multiple select stays the person's.
 */
export const settleControl = (control: Control, to: Control, cause?: Cause): (() => void) => {
  const now = controlValue(control);
  const answered = cause?.sentValues.get(control) === now && (cause.clears || isBound(to));
  const value = now !== renderedValue(control) && !answered ? now : controlValue(to);
  return () => control.type === 'select-multiple' || write(control, value);
};
