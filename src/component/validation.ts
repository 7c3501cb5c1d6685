import type { Type } from '@nestjs/common';
import type { ValidationError } from 'class-validator';

import { LiveError } from '../errors/live-error.js';
import { isFormEncoded } from '../protocol/form-encoding.js';
import { transformer } from './class-transformer.js';
import { readDates } from './date-fields.js';
import { UTC_CLOCK, type Clock } from './clock.js';
import { dateOf } from './date-text.js';
import { holdsDigits, numberOf } from './number-text.js';
import { ruledTypes } from './ruled-types.js';
import { temporalClock, temporalKind, temporalName, temporalOf } from './temporal.js';
import type { Zones } from './zones.js';

type Messages = Record<string, readonly string[]>;

/** The slowest module of all to load: whoever decorates a DTO has it already, everybody else loads it at the first check. */
export const classValidator = (): Promise<typeof import('class-validator')> => import('class-validator');

/** Refuses values by field: `VALIDATION_FAILED` with messages by path, never with the values themselves. */
export const refuseFields = (fields: Messages, reason = `invalid: ${Object.keys(fields).join(', ')}`): LiveError =>
  new LiveError('VALIDATION_FAILED', reason, { fields });

/** Messages about what one field holds, by their path from above that field. */
export const under = (field: string, fields: Messages): Messages =>
  field === ''
    ? fields
    : Object.fromEntries(Object.entries(fields).map(([path, said]) => [path ? `${field}.${path}` : field, said]));

/** Names of the fields that a class has a rule for. */
export const ruledNames = async (type: Type): Promise<readonly string[]> => {
  const { getMetadataStorage } = await classValidator();
  return getMetadataStorage()
    .getTargetValidationMetadatas(type, '', true, false)
    .map(({ propertyName }) => propertyName);
};

/** Data as an instance of a DTO class, and what is wrong with it. */
export interface Checked<T> {
  readonly value: T;
  /** Messages by field path; none when it holds. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
}

export interface CheckOptions {
  /** Validation groups of class-validator and class-transformer. @default none */
  readonly groups?: readonly string[];
  /** Of times that say none. @default UTC */
  readonly zones?: Zones;
}

/** Plain data as an instance of a DTO class, without the keys that the class does not declare, and what is wrong with it. */
export const checkInto = async <T extends object>(
  type: Type<T>,
  plain: object,
  { groups, zones }: CheckOptions = {},
): Promise<Checked<T>> => {
  const own = groups && { groups: [...groups] };
  const validator = await classValidator();
  const dated = plain instanceof type ? undefined : readDates(type, plain, { zones, ruled: ruledTypes(validator) });
  const value = dated ? transformer().plainToInstance(type, dated.plain, own) : (plain as T);
  const fields = flatten(await validator.validate(value, { whitelist: true, forbidUnknownValues: true, ...own }));
  collectWrongShapes(value, '', fields);
  return { value, fields: { ...fields, ...dated?.wrong } };
};

interface Reading {
  /** In front of the messages' paths. */
  readonly field?: string;
  readonly zones?: Zones;
}

/**
 * Turns plain data into a validated instance of a DTO class: unknown keys are dropped, types are the server's choice.
 * @throws LiveError `VALIDATION_FAILED` with messages by field path
 */
export const validateInto = async <T extends object>(
  type: Type<T>,
  value: unknown,
  { field = '', zones }: Reading = {},
): Promise<T> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refuseFields({ [field]: ['must be an object'] }, `expected an object for ${type.name}`);
  }
  const plain = isFormEncoded(value) ? readFormValues(type, value) : value;
  const checked = await checkInto(type, plain, { zones });
  if (Object.keys(checked.fields).length > 0) {
    throw refuseFields(under(field, checked.fields));
  }
  return checked.value;
};

/** A single value of a declared primitive type; text from a form is read as that type, JSON is not converted. */
export const readPrimitive = (
  type: unknown,
  value: unknown,
  encoding: 'json' | 'form',
  clock: Clock = UTC_CLOCK,
): unknown => {
  const read = encoding === 'form' && typeof value === 'string' ? fromText(type, value) : value;
  if (type === Date && typeof read === 'string') {
    return dateOf(read, clock);
  }
  const temporal = temporalKind(type);
  if (temporal) {
    return temporalOf(type, read, temporalClock(temporal, clock));
  }
  return isOfType(type, read) ? read : undefined;
};

/** What a value of this declared type must be, for messages; undefined for types that are not checked here. */
export const primitiveName = (type: unknown): string | undefined => PRIMITIVES.get(type) ?? temporalName(type);

/** Whether a value of this declared type comes as text, in JSON too. */
export const comesAsText = (type: unknown): boolean =>
  type === String || type === Date || temporalKind(type) !== undefined;

const PRIMITIVES = new Map<unknown, string>([
  [String, 'a string'],
  [Number, 'a number'],
  [Boolean, 'true or false'],
  [Date, 'a date'],
  [Array, 'a list'],
]);

const isOfType = (type: unknown, value: unknown): boolean => {
  switch (type) {
    case String:
      return typeof value === 'string';
    case Number:
      return typeof value === 'number' && Number.isFinite(value);
    case Boolean:
      return typeof value === 'boolean';
    case Array:
      return Array.isArray(value);
    case Date:
      return value instanceof Date && !Number.isNaN(value.getTime());
    default:
      return true;
  }
};

const TRUTH = new Map(
  Object.entries({ on: true, true: true, '1': true, off: false, false: false, '0': false, '': false }),
);

const fromText = (type: unknown, text: string): unknown => {
  if (type === Number) {
    return text.trim() === '' ? undefined : exactly(text);
  }
  if (type === Boolean) {
    // Other text stays text, so that a check refuses it: as nothing it would pass for an optional field left out.
    return TRUTH.get(text) ?? text;
  }
  return type === Array ? [text] : text;
};

/** Not what only programs write, such as `0x10`, and no number that has lost digits: a check refuses it. */
const exactly = (text: string): number => {
  const number = numberOf(text);
  return number !== undefined && holdsDigits(number, text) ? number : NaN;
};

/** A form's text values as the types that a DTO class declares. */
export const readFormValues = (type: Type, value: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(value).map(([key, text]) => {
      const design: unknown = Reflect.getMetadata('design:type', type.prototype as object, key);
      return [key, typeof text === 'string' ? fromText(design, text) : text];
    }),
  );

/** Messages by field path. */
export const flatten = (errors: readonly ValidationError[], path = '', into: Messages = {}): Messages => {
  for (const { property, constraints, children } of errors) {
    const at = path ? `${path}.${property}` : property;
    if (constraints) {
      into[at] = Object.values(constraints);
    }
    flatten(children ?? [], at, into);
  }
  return into;
};

// class-validator accepts a list where a single nested object is declared, and an object where a list is; the declared
// type says otherwise.
const collectWrongShapes = (instance: object, path: string, into: Messages): void => {
  for (const [key, value] of Object.entries(instance)) {
    if (typeof value !== 'object' || value === null) {
      continue;
    }
    const at = path ? `${path}.${key}` : key;
    const declared: unknown = Reflect.getMetadata('design:type', Object.getPrototypeOf(instance) as object, key);
    const single = typeof declared === 'function' && declared !== Array && declared !== Object;
    if (Array.isArray(value) ? single : declared === Array) {
      into[at] = [single ? 'must be an object' : 'must be a list'];
      continue;
    }
    if (!Array.isArray(value)) {
      collectWrongShapes(value as object, at, into);
      continue;
    }
    value.forEach((item: unknown, index) => {
      if (typeof item === 'object' && item !== null) {
        collectWrongShapes(item, `${at}.${index}`, into);
      }
    });
  }
};
