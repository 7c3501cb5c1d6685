import { isControl, type Control } from './control.js';
import { attributeOf, property, queryAll } from './unshadowed.js';

/** What a person calls a field: the words of its control's label; its name where no control says more. */
export const labelOf = (root: Element, field: string): string => {
  const names = (control: Control) =>
    [...property(control, 'attributes')].some(({ name, value }) => /^(name|live-model)/.test(name) && value === field);
  const control = queryAll(root, '*').find((element): element is Control => isControl(element) && names(element));
  return (control && (attributeOf(control, 'aria-label') || control.labels?.[0]?.textContent.trim())) || field;
};
