import type { Type } from '@nestjs/common';

import type { RuledTypes } from './date-fields.js';
import { temporalKind } from './temporal.js';

interface Rule {
  readonly propertyName: string;
  readonly name?: string;
  readonly constraints?: readonly unknown[];
}

type Validator = typeof import('class-validator');

const rulesOf = ({ getMetadataStorage }: Validator, type: Type): readonly Rule[] =>
  getMetadataStorage().getTargetValidationMetadatas(type, '', true, false);

const known = new WeakMap<Type, ReadonlyMap<string, unknown>>();

/** The days and times that rules speak of: `Date | null` leaves no type behind when it is compiled, `@IsDate()` says it still. */
export const ruledTypes = (validator: Validator): RuledTypes => {
  const read = (type: Type): ReadonlyMap<string, unknown> =>
    new Map(
      rulesOf(validator, type).flatMap((rule) => (typeOf(rule) ? [[rule.propertyName, typeOf(rule)] as const] : [])),
    );
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
export const mayBeNothing = (validator: Validator, type: Type, field: string): boolean =>
  rulesOf(validator, type).some(({ propertyName, name }) => propertyName === field && name === 'isOptional');
