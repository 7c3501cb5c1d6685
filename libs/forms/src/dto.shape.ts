import { createRequire } from 'node:module';

import type { Type } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';

/** What `@Type()` has said, which class-transformer keeps in a module that has no types and no other way in. */
interface TransformerStorage {
  findTypeMetadata(type: Type<object>, name: string): { readonly typeFunction?: () => unknown } | undefined;
}

const { defaultMetadataStorage } = createRequire(import.meta.url)('class-transformer/cjs/storage.js') as {
  readonly defaultMetadataStorage: TransformerStorage;
};

export type FieldKind = 'text' | 'number' | 'boolean' | 'date' | 'object' | 'free';

/** What a DTO declares of one property. */
export interface FieldShape {
  readonly kind: FieldKind;
  readonly isList: boolean;
  /** Of a nested DTO, or of a list of them. */
  readonly type?: Type<object>;
  /** `@IsOptional()`: an emptied control is no value. */
  readonly isOptional: boolean;
  /** What an emptied control means: `null` or `''` where the class says so in its initial value. */
  readonly emptied: null | '' | undefined;
}

export type DtoShape = ReadonlyMap<string, FieldShape>;

const shapes = new WeakMap<Type<object>, DtoShape>();

/** Properties that a class declares with validators, by name; every other name is not of the form. */
export const shapeOf = (dto: Type<object>): DtoShape => {
  let shape = shapes.get(dto);
  if (!shape) {
    shapes.set(dto, (shape = readShape(dto)));
  }
  return shape;
};

interface Rule {
  readonly propertyName: string;
  readonly name?: string;
  readonly each?: boolean;
}

const readShape = (dto: Type<object>): DtoShape => {
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', true, false) as readonly Rule[];
  const names = new Set(rules.map(({ propertyName }) => propertyName));
  const initial = new dto() as Record<string, unknown>;
  return new Map(
    [...names].map((name) => {
      const own = rules.filter(({ propertyName }) => propertyName === name);
      return [name, fieldShape(dto, name, { rules: own, initial: initial[name] })];
    }),
  );
};

const fieldShape = (
  dto: Type<object>,
  name: string,
  { rules, initial }: { rules: readonly Rule[]; initial: unknown },
): FieldShape => {
  const design: unknown = Reflect.getMetadata('design:type', dto.prototype as object, name);
  const isList = design === Array || Array.isArray(initial) || rules.some((rule) => rule.name === 'isArray');
  const type = defaultMetadataStorage.findTypeMetadata(dto, name)?.typeFunction?.() ?? (isList ? undefined : design);
  const kind = KINDS.get(type) ?? (isNested(type) ? 'object' : kindByRules(rules));
  return Object.freeze({
    kind,
    isList,
    type: kind === 'object' ? (type as Type<object>) : undefined,
    isOptional: rules.some((rule) => rule.name === 'isOptional'),
    emptied: initial === null || initial === '' ? initial : undefined,
  });
};

const KINDS = new Map<unknown, FieldKind>([
  [String, 'text'],
  [Number, 'number'],
  [Boolean, 'boolean'],
  [Date, 'date'],
]);

const isNested = (type: unknown): boolean =>
  typeof type === 'function' && ![Object, Array, Map, Set, BigInt, Symbol, Function].includes(type as never);

/** `number | null` and the elements of a list leave no type behind when they are compiled: there the rules tell. */
const kindByRules = (rules: readonly Rule[]): FieldKind => {
  const names = new Set(rules.map(({ name }) => name));
  const has = (...wanted: readonly string[]): boolean => wanted.some((one) => names.has(one));
  if (has('isBoolean')) return 'boolean';
  if (has('isInt', 'isNumber', 'isPositive', 'isNegative', 'isDivisibleBy', 'min', 'max')) return 'number';
  if (has('isDate', 'minDate', 'maxDate')) return 'date';
  return has('isString', 'isEmail', 'minLength', 'maxLength', 'isLength', 'matches', 'isUrl', 'isUuid')
    ? 'text'
    : 'free';
};
