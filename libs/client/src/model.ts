import type { Component } from './component-port.js';
import { controlValue, isControl, type Control, type ControlValue } from './control.js';
import { delayOf, parseDirective, type Directive } from './directive.js';
import { SET, type PendingEvent } from './pending-event.js';
import { addValues, valueOf } from './payload.js';
import { TOO_MUCH } from './recovery.js';
import { originOf } from './seam.js';
import { WHOLE } from './too-large.js';

const DEBOUNCE_MS = 150;

/** What a `live-model` control says. */
export interface Edit {
  readonly control: Element;
  readonly value: unknown;
}

type Edits = Map<string, Edit>;

const kept = new WeakMap<Component, Edits>();

/** What was entered and no event has carried yet, by field. */
export const editsOf = (component: Component): Edits => {
  const edits: Edits = kept.get(component) ?? new Map<string, Edit>();
  kept.set(component, edits);
  return edits;
};

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
const flushEdits = (component: Component, trigger: Element): void => {
  component.delays.flush();
  if (editsOf(component).size) void component.call(SET, undefined, { trigger });
};

/** Gives an event along what was entered. */
export const carryEdits = (component: Component, event: PendingEvent): void => {
  const edits = editsOf(component);
  const sentValues = originOf(event).sentValues as Map<Element, ControlValue>;
  const carried = [...edits];
  edits.clear();
  for (const [field, { control, value }] of carried) {
    event.fields = { ...event.fields, [field]: value };
    addValues(sentValues, control);
  }
  const { settle } = event;
  event.settle = (reply) => {
    // What was not taken goes along with the next event; what was changed since has an event of its own.
    const { code, fields = {} } = reply.ok ? {} : reply.error;
    for (const [field, edit] of reply.ok || code === 'PROP_LOCKED' ? [] : carried) {
      // What is too much would make every later event so.
      if (TOO_MUCH.includes(code!) && (fields[field] || fields[WHOLE])) continue;
      if (sentValues.get(edit.control) === controlValue(edit.control as Control)) edits.set(field, edit);
    }
    settle(reply);
  };
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
    const edits = component && editsOf(component);
    // What an event has taken along since is not entered once more.
    if (!edits || (confirms && !edits.has(field))) continue;
    const has = (modifier: string) => directive.modifiers.includes(modifier);
    const value = valueFor(control, directive);
    if (isHalfTyped(control) || (type === 'input' && Number.isNaN(value))) {
      // Whoever leaves it so is told.
      typed.delete(control);
      edits.delete(field);
      continue;
    }
    if (type !== 'blur') edits.set(field, { control, value });
    const isTyped = has('live') && type === 'input';
    if (!isTyped && !(type === 'blur' ? has('blur') : type === 'change' && (has('live') || has('lazy')))) continue;
    const ms = isTyped ? DEBOUNCE_MS : undefined;
    component.delays.later(control, delayOf(directive, 'debounce', DEBOUNCE_MS) ?? ms, () =>
      flushEdits(component, control),
    );
  }
};
