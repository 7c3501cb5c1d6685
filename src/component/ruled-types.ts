import type { Type } from '@nestjs/common';

import type { RuledTypes } from './date-fields.js';
import { temporalKind } from './temporal.js';

interface Rule {
  readonly propertyName: string;
  readonly name?: string;
  readonly constraints?: readonly unknown[];
}

const known = new WeakMap<Type, ReadonlyMap<string, unknown>>();

/** The days and times that rules speak of: `Date | null` leaves no type behind when it is compiled, `@IsDate()` says it still. */
export const ruledTypes = ({ getMetadataStorage }: typeof import('class-validator')): RuledTypes => {
  const read = (type: Type): ReadonlyMap<string, unknown> => {
    const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', true, false) as readonly Rule[];
    return new Map(rules.flatMap((rule) => (typeOf(rule) ? [[rule.propertyName, typeOf(rule)] as const] : [])));
  };
  return (type, name) => {
    let types = known.get(type);
    if (!types) known.set(type, (types = read(type)));
    return types.get(name);
  };
};

const DATES = new Set<unknown>(['isDate', 'minDate', 'maxDate']);

const typeOf = ({ name, constraints: [type] = [] }: Rule): unknown => {
  if (DATES.has(name)) return Date;
  return name === 'isInstance' && temporalKind(type) ? type : undefined;
};

/** Whether a rule of its class says that a field may be nothing (`@IsOptional()`). */
export const mayBeNothing = (
  { getMetadataStorage }: typeof import('class-validator'),
  type: Type,
  field: string,
): boolean => {
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', true, false) as readonly Rule[];
  return rules.some(({ propertyName, name }) => propertyName === field && name === 'isOptional');
};
