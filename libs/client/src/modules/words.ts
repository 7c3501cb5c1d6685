import type { Component } from '../component-port.js';
import { isControl, type Control } from '../control.js';
import type { PendingEvent } from '../pending-event.js';
import { hear, install, within } from '../seam.js';
import { WHOLE } from '../too-large.js';
import { attributeOf, property } from '../unshadowed.js';

const sizeOf = (value: unknown): number => JSON.stringify(value)?.length ?? 0;

/** Of what is too large as a whole, the field that holds the most. */
const fieldOf = (field: string, event?: PendingEvent): string => {
  if (field !== WHOLE) return field;
  const { payload, fields } = event ?? {};
  const entered = [...Object.entries(payload ?? {}), ...Object.entries(fields ?? {})];
  return entered.sort(([, one], [, other]) => sizeOf(other) - sizeOf(one))[0]?.[0] ?? field;
};

/** What a person calls a field: the words of its control's label; its name where no control says more. */
const labelOf = (component: Component, field: string): string => {
  const isNamed = (control: Control) =>
    [...property(control, 'attributes')].some(({ name, value }) => /^(name|live-model)/.test(name) && value === field);
  const control = within(component, 'input,textarea,select').find(
    (element): element is typeof element & Control => isControl(element) && isNamed(element),
  );
  return (control && (attributeOf(control, 'aria-label') || control.labels?.[0]?.textContent.trim())) || field;
};

/** Says of which field a refusal speaks as a person would: the names that programs use are for the log. */
install('words', () => {
  hear('error', (told) => {
    const { component, error, event } = told;
    if (!error.fields) return;
    told.details = Object.entries(error.fields).map(
      ([field, messages]) => `${labelOf(component, fieldOf(field, event))}: ${messages.join(', ')}`,
    );
  });
});
