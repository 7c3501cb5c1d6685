import type { Type } from '@nestjs/common';

import { LiveError } from '../errors/live-error.js';
import { transformer } from './class-transformer.js';
import type { ComponentDefinition } from './definition.js';
import type { FieldChange } from './hooks.js';
import { readDates } from './date-fields.js';
import { noObjects, wrongItems } from './list-items.js';
import { mayBeNothing, ruledTypes } from './ruled-types.js';
import { temporalKindOf } from './temporal.js';
import { clockOf, UTC_ZONES, type Zones } from './zones.js';
import { classValidator, flatten, primitiveName, readPrimitive, refuseFields, validateInto } from './validation.js';

/**
 * Writes the page's values into `@State({ bind: true })` fields: by declared name and type only, all or none.
 * @throws LiveError `BAD_FRAME` (undeclared), `PROP_LOCKED` (declared, not writable), `VALIDATION_FAILED`
 */
export const writeBoundFields = async (
  definition: ComponentDefinition,
  component: object,
  fields: Readonly<Record<string, unknown>>,
  zones: Zones = UTC_ZONES,
): Promise<FieldChange> => {
  const names = Object.keys(fields);
  const validator = await classValidator();
  const ruled = ruledTypes(validator);
  const target = component as Record<string, unknown>;
  const values: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const name of names) {
    refuseUnlessBound(definition, name);
    const declared = definition.state.get(name)?.type;
    // Of `number | null` no more is left than of `amount = 5`: that it may be null is for a rule to say.
    const isEmptied = fields[name] === null && mayBeNothing(validator, definition.type, name);
    const type = isEmptied ? undefined : (fieldType(declared, target[name]) ?? ruled(definition.type, name));
    values[name] = await readField({ type, name, owner: definition.type, zones }, fields[name]);
    const list = values[name];
    if (Array.isArray(list)) await checkItems(definition, { name, list, present: target[name] });
  }
  await checkConstraints(definition, values, zones);
  const previous: Record<string, unknown> = {};
  for (const name of names) {
    previous[name] = target[name];
    target[name] = values[name];
  }
  return { fields: names, previous };
};

const refuseUnlessBound = (definition: ComponentDefinition, name: string): void => {
  if (definition.state.get(name)?.bind) {
    return;
  }
  const declared =
    definition.state.has(name) || definition.temporary.includes(name) || definition.computed.includes(name);
  throw declared
    ? new LiveError('PROP_LOCKED', `${definition.type.name}.${name} is locked; open it with @State({ bind: true })`)
    : new LiveError('BAD_FRAME', `${definition.type.name} declares no field of the given name`);
};

/** `filter = ''` leaves no type behind when it is compiled: there the value the field has says what it may become. */
export const fieldType = (declared: unknown, present: unknown): unknown => {
  if (declared !== undefined && declared !== Object) {
    return declared;
  }
  if (temporalKindOf(present)) return (present as object).constructor;
  return present instanceof Date ? Date : Array.isArray(present) ? Array : BY_VALUE.get(typeof present);
};

const BY_VALUE = new Map<string, unknown>([
  ['string', String],
  ['number', Number],
  ['boolean', Boolean],
]);

type Messages = Record<string, readonly string[]>;

interface Field {
  readonly type: unknown;
  readonly name: string;
  readonly owner: Type;
  readonly zones: Zones;
}

const readField = ({ type, name, owner, zones }: Field, value: unknown): unknown => {
  const expected = primitiveName(type);
  if (expected) {
    const read = readPrimitive(type, value, 'json', clockOf(owner, name, zones));
    if (read === undefined) {
      throw refuseFields({ [name]: [`must be ${expected}`] });
    }
    return read;
  }
  return type === undefined || type === Object
    ? value
    : validateInto(type as Type<object>, value, { field: name, zones });
};

/** What the author has said of the items of a list: `@IsString({ each: true })`, `@ValidateNested()`. */
const saidOfItems = async ({ type }: ComponentDefinition, name: string): Promise<'each' | 'nested' | undefined> => {
  const { getMetadataStorage } = await classValidator();
  const said = getMetadataStorage()
    .getTargetValidationMetadatas(type, '', true, false)
    .filter(({ propertyName }) => propertyName === name);
  if (said.some((one) => one.type === 'nestedValidation')) return 'nested';
  return said.some(({ each }) => each) ? 'each' : undefined;
};

/** Constraints an author puts on the component's own fields (`@MaxLength(100) filter`), for values from outside. */
export const constraintMessages = async (
  { type }: ComponentDefinition,
  values: Readonly<Record<string, unknown>>,
): Promise<Record<string, readonly string[]>> => {
  const probe = Object.create(type.prototype as object) as Record<string, unknown>;
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(probe, name, { value, enumerable: true, configurable: true, writable: true });
  }
  const { validate } = await classValidator();
  // What a nested object has beside its declared keys is dropped; the component's own fields are not looked at again.
  const options = { skipUndefinedProperties: true, forbidUnknownValues: false, whitelist: true };
  return flatten(await validate(probe, options));
};

const checkItems = async (
  definition: ComponentDefinition,
  { name, list, present }: { readonly name: string; readonly list: readonly unknown[]; readonly present: unknown },
): Promise<void> => {
  const said = await saidOfItems(definition, name);
  const wrong = said === undefined ? wrongItems(name, list, present) : said === 'nested' ? noObjects(name, list) : {};
  if (Object.keys(wrong).length > 0) {
    throw refuseFields(wrong);
  }
};

/** Nested objects become what `@Type()` makes of them, are checked as that, and are plain data again. */
const checkConstraints = async (
  definition: ComponentDefinition,
  values: Record<string, unknown>,
  zones: Zones,
): Promise<void> => {
  const made: Record<string, unknown> = { ...values };
  const nested: string[] = [];
  const wrong: Messages[] = [];
  for (const [name, value] of Object.entries(values)) {
    if (!Array.isArray(value) || (await saidOfItems(definition, name)) !== 'nested') continue;
    const dated = readDates(definition.type, { [name]: value }, { zones, ruled: ruledTypes(await classValidator()) });
    made[name] = instancesIn(definition.type, dated.plain)[name];
    nested.push(name);
    wrong.push(dated.wrong);
  }
  const messages: Messages = await constraintMessages(definition, made);
  for (const name of nested) await checkEach(name, made[name] as readonly object[], messages);
  const all = wrong.reduce((said, more) => ({ ...said, ...more }), messages);
  if (Object.keys(all).length > 0) {
    throw refuseFields(all);
  }
  for (const name of nested) values[name] = plainOf(made[name]);
};

/** Gathers what is wrong with each item by itself: a key that is not there is wrong, too. */
const checkEach = async (name: string, items: readonly object[], into: Messages): Promise<void> => {
  const { validate } = await classValidator();
  for (const [index, item] of items.entries()) {
    flatten(await validate(item, { whitelist: true, forbidUnknownValues: false }), `${name}.${index}`, into);
  }
};

/** Without making a component: that is Nest's business. */
const instancesIn = (type: Type<object>, plain: object): Record<string, unknown> => {
  class Fields {}
  Object.setPrototypeOf(Fields, type);
  Object.setPrototypeOf(Fields.prototype, type.prototype as object);
  return transformer().plainToInstance(Fields, plain) as Record<string, unknown>;
};

const plainOf = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || value instanceof Date || temporalKindOf(value)) return value;
  if (Array.isArray(value)) return value.map(plainOf);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plainOf(member)]));
};
