import * as nest from '@nestjs/common';
import type { PipeTransform, Type } from '@nestjs/common';
import { WsException } from '@nestjs/websockets';

import { FormText, isFormEncoded } from '../protocol/form-encoding.js';
import { PARAMETER } from './parameter.decorators.js';
import { PayloadPipe, SchemaPipe } from './payload.pipe.js';
import { isDetailed, rememberRefused, saidOf } from './refused-fields.js';
import { readBySchema, readSchemaText } from './schema.reader.js';
import { isStandardSchema, schemaOf, type StandardSchema } from './standard-schema.js';
import { readDates, timeIn } from './date-fields.js';
import { ruledTypes } from './ruled-types.js';
import { temporalKind } from './temporal.js';
import { clockIn, UTC_ZONES, Zoned, type Zones } from './zones.js';
import { checkInto, classValidator, primitiveName, readFormValues, ruledNames, under } from './validation.js';

/** What Nest tells of a parameter. */
export interface Parameter {
  /** One of `PARAMETER`, or `custom…` for a decorator of the application's. */
  readonly type: unknown;
  readonly metatype?: unknown;
  readonly data?: unknown;
  readonly schema?: unknown;
}

/** Runs Nest's pipes over a value. */
type Apply = (value: unknown, pipes: PipeTransform[]) => Promise<unknown>;

/** Nest 12 has it. */
const { StandardSchemaValidationPipe: OfNest } = nest as { readonly StandardSchemaValidationPipe?: Type };

/**
 * One parameter through the pipes, as a controller's: only what was sent is theirs to change, as text where a form sent
 * it and as the types of its class where the parameter is one.
 */
export const readParameter = async (
  parameter: Parameter,
  asked: unknown,
  pipes: PipeTransform[],
  apply: Apply,
): Promise<unknown> => {
  const { value: sent, zones } = asked instanceof Zoned ? asked : new Zoned(asked, UTC_ZONES);
  if (parameter.type !== PARAMETER.PAYLOAD) {
    return typeof parameter.type === 'string' ? apply(sent, pipes) : sent;
  }
  const given = await withDeclaredDates(parameter, readForm({ ...parameter, zones }, sent, pipes), { pipes, zones });
  try {
    const schema = schemaOf(parameter.metatype);
    const rest = pipes.filter((pipe) => !(pipe instanceof PayloadPipe && pipe.isFirst));
    if (temporalKind(parameter.metatype)) {
      // Nest's own pipe would take a value apart to make one of it.
      return await apply(
        given,
        pipes.filter((pipe) => !(pipe instanceof nest.ValidationPipe)),
      );
    }
    if (schema && rest.length < pipes.length) {
      return await readWith(schema, { parameter, given }, (value) => apply(value, rest));
    }
    return await apply(given, inManner(pipes, { parameter, isText: sent instanceof FormText }));
  } catch (error) {
    await explain(error, parameter, given);
    throw error;
  }
};

const isClass = (metatype: unknown): metatype is Type<object> =>
  typeof metatype === 'function' && metatype !== Object && primitiveName(metatype) === undefined;

/** What a schema says of the parameter, its own or that of its class. */
const schemaFor = ({ schema, metatype }: Parameter, pipes: readonly PipeTransform[]): StandardSchema | undefined =>
  isStandardSchema(schema) ? schema : (pipes.find((pipe) => pipe instanceof SchemaPipe)?.schema ?? schemaOf(metatype));

/** The text of a form as its schema or class has it: global pipes check types before ours is asked. */
const readForm = (
  parameter: Parameter & { readonly zones: Zones },
  sent: unknown,
  pipes: readonly PipeTransform[],
): unknown => {
  const { metatype, data } = parameter;
  const isText = sent instanceof FormText;
  if (!isText && !isFormEncoded(sent)) {
    return sent;
  }
  const given = isText ? sent.text : sent;
  const schema = schemaFor(parameter, pipes);
  if (schema) {
    return readSchemaText(schema, given, parameter.zones);
  }
  return data === undefined && isClass(metatype) ? readFormValues(metatype, given as object) : given;
};

/** By the one rule for dates, before a pipe of the application makes of a text whatever the language takes for one. */
const withDeclaredDates = async (
  { metatype }: Parameter,
  given: unknown,
  { pipes, zones }: { readonly pipes: readonly PipeTransform[]; readonly zones: Zones },
): Promise<unknown> => {
  if (!pipes.some((pipe) => pipe instanceof PayloadPipe && pipe.isFirst)) {
    return given;
  }
  if (metatype === Date || temporalKind(metatype)) {
    return typeof given === 'string' ? timeIn(metatype, given, clockIn(zones)) : given;
  }
  const isPlain = typeof given === 'object' && given !== null && !Array.isArray(given);
  return isPlain && isClass(metatype) && !schemaOf(metatype)
    ? readDates(metatype, given, { zones, ruled: ruledTypes(await classValidator()) }).plain
    : given;
};

const inManner = (
  pipes: PipeTransform[],
  { parameter, isText }: { readonly parameter: Parameter; readonly isText: boolean },
): PipeTransform[] => {
  // A schema is asked once: what it has made of a value may not be what it takes.
  const isAsked = parameter.schema !== undefined && OfNest && pipes.some((pipe) => pipe instanceof OfNest);
  return pipes
    .filter((pipe) => !(isAsked && pipe instanceof SchemaPipe))
    .map((pipe) => (isText && pipe instanceof PayloadPipe ? pipe.inForm : pipe));
};

/** A class with a schema: the pipes of its library may have read it by then, and those of others leave it as it is. */
const readWith = async (
  schema: StandardSchema,
  { parameter: { metatype, data }, given }: { readonly parameter: Parameter; readonly given: unknown },
  apply: (value: unknown) => Promise<unknown>,
): Promise<unknown> => {
  const field = typeof data === 'string' ? data : '';
  if (field && given === undefined) {
    return undefined;
  }
  const read = await readBySchema(schema, given, field);
  const piped = await apply(given);
  return piped === given || piped instanceof (metatype as Type) ? read : piped;
};

/** Keeps for the answer what a pipe of the application has refused. */
const explain = async (error: unknown, { metatype, data }: Parameter, given: unknown): Promise<void> => {
  if (!(error instanceof nest.HttpException || error instanceof WsException)) {
    return;
  }
  const said = error instanceof WsException ? error.getError() : error.getResponse();
  const field = typeof data === 'string' ? data : '';
  if (!isDetailed(said)) {
    const message = typeof said === 'string' ? said : (said as { message?: unknown } | null)?.message;
    rememberRefused(error, field && typeof message === 'string' ? { [field]: [message] } : {});
    return;
  }
  const object = typeof given === 'object' && given !== null ? given : undefined;
  const fields = object && isClass(metatype) && !schemaOf(metatype) ? (await checkInto(metatype, object)).fields : {};
  const names = new Set([...(isClass(metatype) ? await ruledNames(metatype) : []), ...Object.keys(object ?? {})]);
  rememberRefused(error, under(field, saidOf(said, { fields, names })));
};
