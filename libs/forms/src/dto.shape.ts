import { createRequire } from 'node:module';

import type { Type } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';
import type { StandardSchema } from 'nest-live';
import {
  clockFor,
  schemaOf,
  sketchOf,
  temporalClock,
  temporalKind,
  zoneOf,
  type Clock,
  type SchemaSketch,
  type TemporalClass,
  type Zones,
} from 'nest-live/extend';

/** What `@Type()` has said, which class-transformer keeps in a module that has no types and no other way in. */
interface TransformerStorage {
  findTypeMetadata(type: Type<object>, name: string): { readonly typeFunction?: () => unknown } | undefined;
}

const { defaultMetadataStorage } = createRequire(import.meta.url)('class-transformer/cjs/storage.js') as {
  readonly defaultMetadataStorage: TransformerStorage;
};

export type FieldKind = 'text' | 'number' | 'boolean' | 'date' | 'temporal' | 'object' | 'free';

/** What says which fields there are: a class, a schema, or a part of one. */
export type FieldSource = Type<object> | StandardSchema | SchemaSketch;

/** What a DTO declares of one property. */
export interface FieldShape {
  readonly kind: FieldKind;
  readonly isList: boolean;
  /** Of a nested DTO, or of a list of them. */
  readonly type?: FieldSource;
  /** Which class of `Temporal` it is of. */
  readonly temporal?: TemporalClass;
  /** `@IsOptional()`: an emptied control is no value. */
  readonly isOptional: boolean;
  /** What an emptied control means: `null` or `''` where the class says so in its initial value. */
  readonly emptied: null | '' | undefined;
  /** What `@InZone()` says of it. */
  readonly zone?: string;
}

/** By which clock a field is read and shown. */
export const fieldClock = ({ zone, temporal }: FieldShape, zones: Zones): Clock => {
  const clock = clockFor(zone, zones);
  const kind = temporalKind(temporal);
  return kind ? temporalClock(kind, clock) : clock;
};

/** By which clocks a form shows its fields: by plain name without numbers, and that of all others by `''`. */
export type Clocks = Readonly<Record<string, Clock>>;

export const clocksOf = (dto: FieldSource, zones: Zones): Clocks => {
  const clocks: Record<string, Clock> = { '': clockFor(undefined, zones) };
  collectClocks(dto, { zones, clocks, place: '', above: [] });
  return clocks;
};

interface Walk {
  readonly zones: Zones;
  readonly clocks: Record<string, Clock>;
  readonly place: string;
  readonly above: readonly FieldSource[];
}

const collectClocks = (dto: FieldSource, { zones, clocks, place, above }: Walk): void => {
  for (const [name, field] of shapeOf(dto)) {
    const { zone, type, temporal } = field;
    if (zone !== undefined || temporal) clocks[place + name] = fieldClock(field, zones);
    if (type && type !== dto && !above.includes(type)) {
      collectClocks(type, { zones, clocks, place: `${place}${name}.`, above: [...above, dto] });
    }
  }
};

export type DtoShape = ReadonlyMap<string, FieldShape>;

const shapes = new WeakMap<FieldSource, DtoShape>();

/** Properties that a class or schema declares, by name; every other name is not of the form. */
export const shapeOf = (dto: FieldSource): DtoShape => {
  let shape = shapes.get(dto);
  if (!shape) {
    const schema = schemaOf(dto);
    shapes.set(dto, (shape = schema ? sketched(sketchOf(schema)) : readSource(dto as Type<object> | SchemaSketch)));
  }
  return shape;
};

const readSource = (dto: Type<object> | SchemaSketch): DtoShape =>
  typeof dto === 'function' ? readShape(dto) : sketched(dto);

const sketched = (sketch: SchemaSketch | undefined): DtoShape =>
  new Map(
    [...(sketch?.fields ?? [])].map(([name, field]) => {
      const { kind, isList, isOptional } = field;
      return [name, { kind, isList, isOptional, emptied: undefined, type: kind === 'object' ? field : undefined }];
    }),
  );

interface Rule {
  readonly propertyName: string;
  readonly name?: string;
  readonly each?: boolean;
  /** What the decorator was given: the values of `@IsIn()`, the object of `@IsEnum()`. */
  readonly constraints?: readonly unknown[];
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
  // `string[] | null` leaves no list behind when it is compiled; rules for each item are rules of a list.
  const isList =
    design === Array || Array.isArray(initial) || rules.some(({ name, each }) => name === 'isArray' || each);
  const type = defaultMetadataStorage.findTypeMetadata(dto, name)?.typeFunction?.() ?? (isList ? undefined : design);
  const temporal = [type, ...rules.map(instanceOf)].find((one) => temporalKind(one));
  const kind = temporal ? 'temporal' : (KINDS.get(type) ?? (isNested(type) ? 'object' : kindByRules(rules)));
  return Object.freeze({
    kind,
    isList,
    type: kind === 'object' ? (type as Type<object>) : undefined,
    temporal: temporal as TemporalClass | undefined,
    isOptional: rules.some((rule) => rule.name === 'isOptional'),
    emptied: initial === null || initial === '' ? initial : undefined,
    zone: zoneOf(dto, name),
  });
};

/** What `@IsInstance()` asks for: `Temporal.PlainDate | null` leaves no type behind when it is compiled. */
const instanceOf = ({ name, constraints: [type] = [] }: Rule): unknown => (name === 'isInstance' ? type : undefined);

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
  const values = rules.flatMap(allowedBy);
  const [type] = new Set(values.map((value) => typeof value));
  if (
    values.length > 0 &&
    values.every((value) => typeof value === type) &&
    (type === 'number' || type === 'boolean')
  ) {
    return type;
  }
  if (values.some((value) => typeof value === 'string')) return 'text';
  return has('isString', 'isEmail', 'minLength', 'maxLength', 'isLength', 'matches', 'isUrl', 'isUuid')
    ? 'text'
    : 'free';
};

/** What `@IsIn()` and `@IsEnum()` list, nothing left out but null. An enum of numbers lists its names too. */
const allowedBy = ({ name, constraints: [listed] = [] }: Rule): readonly unknown[] => {
  if (name === 'isIn' && Array.isArray(listed)) {
    return (listed as unknown[]).filter((value) => value !== null && value !== undefined);
  }
  if (name !== 'isEnum' || typeof listed !== 'object' || listed === null) {
    return [];
  }
  const members = listed as Readonly<Record<string, unknown>>;
  return Object.values(members).flatMap((value) => (typeof members[String(value)] === 'number' ? [] : [value]));
};
