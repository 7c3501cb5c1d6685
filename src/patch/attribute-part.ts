import type { PatchPart } from '../protocol/envelope.js';
import type { ChangedAttribute } from './changed-attribute.js';
import { ATTRIBUTES_ALONE, CLASSES_ALONE } from './patch-cost.js';
import type { Taken } from './taken.js';
import { toggledClasses } from './toggled-classes.js';

/** Of an element whose one attribute has changed. */
export const attributePart = (
  place: number,
  { name, before, value }: ChangedAttribute,
  { short }: Taken,
): PatchPart => {
  const toggled = short && name === 'class' ? toggledClasses(before, value) : undefined;
  return toggled === undefined
    ? [place, written(name, `"${value}"`), ATTRIBUTES_ALONE]
    : [place, toggled, CLASSES_ALONE];
};

/** An attribute as it is sent: in a frame, a double quote takes two bytes. */
export const written = (name: string, value: string): string => {
  if (value === '') return name;
  return `${name}=${value.includes("'") ? value : value.replaceAll('"', "'")}`;
};
