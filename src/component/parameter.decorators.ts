import type { ExecutionContext, PipeTransform, Type } from '@nestjs/common';
import { CUSTOM_ROUTE_ARGS_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';

import { callerOn } from './caller.source.js';
import { PayloadPipe, SchemaPipe } from './payload.pipe.js';
import { isStandardSchema, type StandardSchema } from './standard-schema.js';

/**
 * Parameter types in Nest's metadata. The first are Nest's own, so that `@Req()`, `@Res()` and `@Headers()` work;
 * `PAYLOAD` equals its body, so that global `ValidationPipe`s see it.
 */
export const PARAMETER = { REQUEST: 0, RESPONSE: 1, PAYLOAD: 3, HEADERS: 6, LIVE: 211, CALLER: 212 } as const;

type Pipe = Type<PipeTransform> | PipeTransform;

interface ParameterMark {
  readonly index: number;
  readonly data?: string;
  readonly pipes: readonly Pipe[];
  readonly schema?: StandardSchema;
}

/** What Nest's own decorators take besides pipes. */
export interface PayloadOptions {
  /** A Standard Schema (zod, valibot, arktype, …) that the payload, or the field, is checked and transformed by. */
  schema?: StandardSchema;
  /** Run behind the schema. */
  pipes?: readonly Pipe[];
}

const isOptions = (given: unknown): given is PayloadOptions =>
  typeof given === 'object' &&
  given !== null &&
  !('transform' in given) &&
  (isStandardSchema((given as PayloadOptions).schema) || Array.isArray((given as PayloadOptions).pipes));

const markParameter =
  (type: number, { data, pipes = [], schema }: Partial<ParameterMark> = {}): ParameterDecorator =>
  (prototype, method, index) => {
    const marks = (Reflect.getMetadata(ROUTE_ARGS_METADATA, prototype.constructor, method as string) ?? {}) as Record<
      string,
      ParameterMark
    >;
    Reflect.defineMetadata(
      ROUTE_ARGS_METADATA,
      { ...marks, [`${type}:${index}`]: { index, data, pipes, ...(schema && { schema }) } },
      prototype.constructor,
      method as string,
    );
  };

const CHECK = new PayloadPipe({ encoding: 'json', after: 'nothing' });
const CHECK_PIPED = new PayloadPipe({ encoding: 'json', after: 'own pipes' });

/**
 * The event's payload, validated and transformed before the handler runs: by the parameter's class (class-validator, or
 * a class with a schema) or by a Standard Schema; with a field name, that field alone.
 */
export function Payload(...pipes: Pipe[]): ParameterDecorator;
export function Payload(options: PayloadOptions): ParameterDecorator;
export function Payload(field: string, ...pipes: Pipe[]): ParameterDecorator;
export function Payload(field: string, options: PayloadOptions, ...pipes: Pipe[]): ParameterDecorator;
export function Payload(...given: (string | Pipe | PayloadOptions)[]): ParameterDecorator {
  const data = given.find((one) => typeof one === 'string');
  const { schema, pipes = [] } = given.find(isOptions) ?? {};
  const own = [...pipes, ...given.filter((one): one is Pipe => typeof one !== 'string' && !isOptions(one))];
  if (schema) {
    return markParameter(PARAMETER.PAYLOAD, { data, schema, pipes: [new SchemaPipe(schema), ...own] });
  }
  return markParameter(PARAMETER.PAYLOAD, { data, pipes: [...own, own.length > 0 ? CHECK_PIPED : CHECK] });
}

/** The interaction: ids, caller, effects, abort signal. */
export const Live = (): ParameterDecorator => markParameter(PARAMETER.LIVE);

/** In the manner of Nest's own decorators of an application, so that controllers understand it as well. */
const CALLER_MARK = `${PARAMETER.CALLER}${CUSTOM_ROUTE_ARGS_METADATA}`;

/** Who asks: in `onMount`, `beforeRender` and handlers of a component, and in the routes of a controller. */
export const Caller = (): ParameterDecorator => (prototype, method, index) => {
  const { constructor } = prototype;
  const marks = (Reflect.getMetadata(ROUTE_ARGS_METADATA, constructor, method as string) ?? {}) as object;
  const factory = (_data: unknown, context: ExecutionContext): Promise<unknown> =>
    callerOn(context.switchToHttp().getRequest());
  const types = Reflect.getMetadata('design:paramtypes', prototype, method as string) as unknown[] | undefined;
  const mark = { index, factory, data: undefined, pipes: [], declared: types?.[index] };
  Reflect.defineMetadata(
    ROUTE_ARGS_METADATA,
    { ...marks, [`${CALLER_MARK}:${index}`]: mark },
    constructor,
    method as string,
  );
  // A pipe that validates what decorators of an application give would take the caller's class for a DTO.
  if (types) {
    Reflect.defineMetadata('design:paramtypes', types.with(index, Object), prototype, method as string);
  }
};

interface ParameterMark {
  readonly index: number;
  /** The class that the parameter of a `@Caller()` is written with. */
  readonly declared?: unknown;
}

/** The marks of a method as a component's pipeline reads them. */
export const marksOf = (type: object, method: string): Readonly<Record<string, ParameterMark>> => {
  const marks = (Reflect.getMetadata(ROUTE_ARGS_METADATA, type, method) ?? {}) as Record<string, ParameterMark>;
  return Object.fromEntries(
    Object.entries(marks).map(([mark, about]) =>
      mark.startsWith(CALLER_MARK)
        ? [`${PARAMETER.CALLER}:${about.index}`, { index: about.index, pipes: [], declared: about.declared }]
        : [mark, about],
    ),
  );
};

/** What a method asks for: parameter types of ours and of Nest; `NaN` for one that an application has made itself. */
export const parametersOf = (type: object, method: string): readonly number[] =>
  Object.keys(marksOf(type, method)).map((mark) =>
    mark.includes(CUSTOM_ROUTE_ARGS_METADATA) ? NaN : parseInt(mark, 10),
  );
