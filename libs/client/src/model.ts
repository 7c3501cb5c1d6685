import type { Component } from './component-port.js';
import { controlValue, isControl, type ControlValue } from './control.js';
import { delayOf, parseDirective, type Directive } from './directive.js';
import { SET } from './pending-event.js';
import { valueOf } from './payload.js';

const DEBOUNCE_MS = 150;

/** What was typed last, until the change that only confirms it. */
const typed = new WeakMap<Element, ControlValue | undefined>();

/** The fields that a control is bound to, each with the instruction that binds it. */
export const modelsOf = function* (control: HTMLInputElement): Generator<readonly [Directive, field: string]> {
  for (const { name, value: field } of control.attributes) {
    const directive = parseDirective(name);
    if (directive?.type === 'model') yield [directive, field];
  }
};

export const valueFor = (control: HTMLInputElement, { modifiers }: Directive): unknown => {
  const entered = valueOf(control);
  if (modifiers.includes('number')) return entered === '' ? null : +(entered as string);
  return modifiers.includes('boolean') ? /true/.test(String(entered)) : entered;
};

/** What the browser cannot read yet: `1e` in an input of numbers, a day without its year. */
export const isHalfTyped = ({ validity }: HTMLInputElement): boolean => validity.badInput;

/** Sends what was entered, unless an event has just taken it along: without any it would be none. */
const flushEdits = ({ delays, edits, call }: Component, trigger: Element): void => {
  delays.flush();
  if (edits.size) void call(SET, undefined, { trigger });
};

/** Keeps what was entered into a `live-model` control for the next event, or sends it as its modifiers say. */
export const noteModel = (
  { type }: { readonly type: string },
  target: Element,
  componentOf: (element: Element) => Component | undefined,
): void => {
  if (!/^(input|change|blur)$/.test(type) || !isControl(target)) return;
  const control = target as HTMLInputElement;
  const now = controlValue(control);
  const confirms = type === 'change' && typed.get(control) === now;
  typed.set(control, type === 'input' ? now : undefined);
  for (const [directive, field] of modelsOf(control)) {
    const component = componentOf(control);
    // What an event has taken along since is not entered once more.
    if (!component || (confirms && !component.edits.has(field))) continue;
    const has = (modifier: string) => directive.modifiers.includes(modifier);
    const value = valueFor(control, directive);
    if (isHalfTyped(control) || (type === 'input' && Number.isNaN(value))) {
      // Whoever leaves it so is told.
      typed.delete(control);
      component.edits.delete(field);
      continue;
    }
    if (type !== 'blur') component.edits.set(field, { control, value });
    const isTyped = has('live') && type === 'input';
    if (!isTyped && !(type === 'blur' ? has('blur') : type === 'change' && (has('live') || has('lazy')))) continue;
    const ms = isTyped ? DEBOUNCE_MS : undefined;
    component.delays.later(control, delayOf(directive, 'debounce', DEBOUNCE_MS) ?? ms, () =>
      flushEdits(component, control),
    );
  }
};
