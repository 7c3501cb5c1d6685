import type { Component } from './component.js';
import { isControl } from './control.js';
import { delayOf, parseDirective } from './directive.js';
import { valueOf } from './payload.js';

const DEBOUNCE_MS = 150;

/** Keeps what was entered into a `live-model` control for the next event, or sends it as its modifiers say. */
export const noteModel = ({ type, target }: Event, componentOf: (element: Element) => Component | undefined): void => {
  if (!/^(input|change|blur)$/.test(type) || !isControl(target as Node)) return;
  const control = target as HTMLInputElement;
  for (const { name, value: field } of control.attributes) {
    const directive = parseDirective(name);
    const component = directive?.type === 'model' && componentOf(control);
    if (!component) continue;
    const has = (modifier: string) => directive.modifiers.includes(modifier);
    const entered = valueOf(control);
    const number = entered === '' ? null : +(entered as string);
    const value = has('number') ? number : has('boolean') ? /true/.test(String(entered)) : entered;
    if (type !== 'blur') component.edits.set(field, { control, value });
    const typed = has('live') && type === 'input';
    if (!typed && !(type === 'blur' ? has('blur') : type === 'change' && (has('live') || has('lazy')))) continue;
    const ms = typed ? DEBOUNCE_MS : undefined;
    component.delays.later(control, delayOf(directive, 'debounce', DEBOUNCE_MS) ?? ms, () =>
      component.flushEdits(control),
    );
  }
};
