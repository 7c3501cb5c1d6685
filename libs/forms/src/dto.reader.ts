import type { Type } from '@nestjs/common';
import type { StandardSchema } from 'nest-live';
import {
  checkInto,
  checkSchema,
  dateOf,
  holdsDigits,
  numberOf,
  schemaOf,
  temporalName,
  temporalOf,
  UTC_ZONES,
  type Clock,
  type Zones,
} from 'nest-live/extend';

import { fieldClock, shapeOf, type FieldSource, type FieldKind, type FieldShape } from './dto.shape.js';
import { isBranch, own } from './form.decoder.js';
import type { FormData } from './form.data.js';
import { truthOf } from './form.text.js';

/** Messages by plain name (`items.0.price`). */
export type FieldErrors = Record<string, string[]>;

/** What a form's data is as its DTO. */
export interface ReadForm<T> {
  readonly value: T;
  /** None when the value holds. */
  readonly errors: FieldErrors;
  /** Names of numbers with more digits than a number of JavaScript has. */
  readonly inexact: ReadonlySet<string>;
}

/**
 * Form data as an instance of its DTO: text becomes what the class declares, an emptied control is no value, and every
 * validator is asked, asynchronous ones too.
 */
export const readForm = async <T extends object>(
  dto: Type<T> | StandardSchema<T>,
  data: Readonly<FormData>,
  { groups, zones = UTC_ZONES }: { readonly groups?: readonly string[]; readonly zones?: Zones } = {},
): Promise<ReadForm<T>> => {
  const unreadable: FieldErrors = {};
  const inexact = new Set<string>();
  const plain = readObject(dto, data, { name: '', unreadable, inexact, zones });
  const schema = schemaOf(dto) as StandardSchema<T> | undefined;
  const { value, fields = {} } = schema
    ? await bySchema(schema, plain)
    : await checkInto(dto as Type<T>, plain, { groups, zones });
  const errors = Object.fromEntries(Object.entries(fields).map(([name, messages]) => [name, [...messages]]));
  // What is no number is neither too small nor too large: one message says it.
  return { value, errors: { ...errors, ...unreadable }, inexact };
};

const bySchema = async <T>(schema: StandardSchema<T>, plain: object): Promise<{ value: T; fields?: FieldErrors }> => {
  const checked = await checkSchema(schema, plain);
  // Nobody is handed what does not hold.
  return checked.fields ? { value: plain as T, fields: checked.fields as FieldErrors } : { value: checked.value };
};

interface Place {
  readonly name: string;
  readonly unreadable: FieldErrors;
  /** Names of the numbers that have lost digits. */
  readonly inexact: Set<string>;
  readonly zones: Zones;
}

const readObject = (dto: FieldSource, data: Readonly<FormData>, place: Place): FormData => {
  const plain: FormData = {};
  for (const [property, field] of shapeOf(dto)) {
    const given = own(data, property);
    if (given !== undefined) {
      const { name } = place;
      plain[property] = readField(field, given, { ...place, name: name === '' ? property : `${name}.${property}` });
    }
  }
  return plain;
};

const readField = (field: FieldShape, given: unknown, place: Place): unknown => {
  if (!field.isList) {
    return readValue(field, given, place);
  }
  if (!Array.isArray(given)) {
    return given === null ? null : refuse(place, 'must be a list');
  }
  const { name } = place;
  const items = (given as unknown[]).map((item, index) => {
    // Choices are one control with one message; rows have fields of their own.
    const at = field.kind === 'object' ? `${name}.${index}` : name;
    return readValue(field, item, { ...place, name: at });
  });
  return items;
};

const readValue = (field: FieldShape, given: unknown, place: Place): unknown => {
  const { kind, type } = field;
  if (kind === 'object') {
    if (given === null) {
      return null;
    }
    return isBranch(given) ? readObject(type as FieldSource, given, place) : refuse(place, 'must be an object');
  }
  if (kind === 'free') {
    return given === '' && field.isOptional ? field.emptied : given;
  }
  if (given === null || isEmptied(field, given)) {
    return given === null ? null : field.emptied;
  }
  const clock = fieldClock(field, place.zones);
  const value = kind === 'temporal' ? temporalOf(field.temporal, given, clock) : READERS[kind](given, clock);
  if (value === undefined) {
    return refuse(place, `must be ${kind === 'temporal' ? temporalName(field.temporal) : NAMES[kind]}`);
  }
  const isExact =
    typeof value !== 'number' || typeof given === 'number' || holdsDigits(value, given as string | bigint);
  if (!isExact) place.inexact.add(place.name);
  return value;
};

/** No text is a text, unless nothing would do as well. */
const isEmptied = ({ kind, isOptional, isList }: FieldShape, given: unknown): boolean =>
  typeof given === 'string' &&
  given.trim() === '' &&
  (kind === 'number' ||
    kind === 'date' ||
    kind === 'temporal' ||
    (kind === 'text' && isOptional && !isList && given === ''));

type ReadKind = Exclude<FieldKind, 'object' | 'free' | 'temporal'>;

const NAMES: Readonly<Record<ReadKind, string>> = {
  text: 'a text',
  number: 'a number',
  boolean: 'true or false',
  date: 'a date',
};

const READERS: Readonly<Record<ReadKind, (given: unknown, clock: Clock) => unknown>> = {
  text: (given) => (typeof given === 'string' ? given : undefined),
  number: (given) => {
    if (typeof given === 'bigint') return Number(given);
    return typeof given === 'string' ? numberOf(given) : Number.isFinite(given) ? given : undefined;
  },
  boolean: (given) => (typeof given === 'string' ? truthOf(given) : typeof given === 'boolean' ? given : undefined),
  date: (given, clock) => {
    if (given instanceof Date) {
      return Number.isNaN(given.getTime()) ? undefined : given;
    }
    return typeof given === 'string' ? dateOf(given, clock) : undefined;
  },
};

const refuse = ({ name, unreadable }: Place, message: string): undefined => {
  unreadable[name] = [message];
  return undefined;
};
