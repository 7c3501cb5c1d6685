import type { Type } from '@nestjs/common';

import { LiveError } from '../errors/live-error.js';
import type { ComponentDefinition } from './definition.js';
import type { FieldChange } from './hooks.js';
import { classValidator, primitiveName, readPrimitive, refuseFields, validateInto } from './validation.js';

/**
 * Writes the page's values into `@State({ bind: true })` fields: by declared name and type only, all or none.
 * @throws LiveError `BAD_FRAME` (undeclared), `PROP_LOCKED` (declared, not writable), `VALIDATION_FAILED`
 */
export const writeBoundFields = async (
  definition: ComponentDefinition,
  component: object,
  fields: Readonly<Record<string, unknown>>,
): Promise<FieldChange> => {
  const names = Object.keys(fields);
  const target = component as Record<string, unknown>;
  const values: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const name of names) {
    refuseUnlessBound(definition, name);
    const type = fieldType(definition.state.get(name)?.type, target[name]);
    values[name] = await readField(type, name, fields[name]);
  }
  await checkConstraints(definition, values);
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
  return present instanceof Date ? Date : Array.isArray(present) ? Array : BY_VALUE.get(typeof present);
};

const BY_VALUE = new Map<string, unknown>([
  ['string', String],
  ['number', Number],
  ['boolean', Boolean],
]);

const readField = (type: unknown, name: string, value: unknown): unknown => {
  const expected = primitiveName(type);
  if (expected) {
    const read = readPrimitive(type, value, 'json');
    if (read === undefined) {
      throw refuseFields({ [name]: [`must be ${expected}`] });
    }
    return read;
  }
  return type === undefined || type === Object ? value : validateInto(type as Type<object>, value);
};

/** Constraints an author puts on the component's own fields (`@MaxLength(100) filter`), for values from outside. */
export const constraintMessages = async (
  { type }: ComponentDefinition,
  values: Readonly<Record<string, unknown>>,
): Promise<Record<string, string[]>> => {
  const probe = Object.create(type.prototype as object) as Record<string, unknown>;
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(probe, name, { value, enumerable: true, configurable: true, writable: true });
  }
  const { validate } = await classValidator();
  const errors = await validate(probe, { skipUndefinedProperties: true, forbidUnknownValues: false });
  return Object.fromEntries(errors.map(({ property, constraints }) => [property, Object.values(constraints ?? {})]));
};

const checkConstraints = async (definition: ComponentDefinition, values: Record<string, unknown>): Promise<void> => {
  const messages = await constraintMessages(definition, values);
  if (Object.keys(messages).length > 0) {
    throw refuseFields(messages);
  }
};
