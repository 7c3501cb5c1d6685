import type { PipeTransform, Type } from '@nestjs/common';
import { CUSTOM_ROUTE_ARGS_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';

import { PayloadPipe } from './payload.pipe.js';

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
}

const markParameter =
  (type: number, data: string | undefined, pipes: readonly Pipe[]): ParameterDecorator =>
  (prototype, method, index) => {
    const marks = (Reflect.getMetadata(ROUTE_ARGS_METADATA, prototype.constructor, method as string) ?? {}) as Record<
      string,
      ParameterMark
    >;
    Reflect.defineMetadata(
      ROUTE_ARGS_METADATA,
      { ...marks, [`${type}:${index}`]: { index, data, pipes } },
      prototype.constructor,
      method as string,
    );
  };

/**
 * The event's payload, validated and transformed by the parameter's class (class-validator) before the handler runs;
 * with a field name, that field alone.
 */
export function Payload(...pipes: Pipe[]): ParameterDecorator;
export function Payload(field: string, ...pipes: Pipe[]): ParameterDecorator;
export function Payload(first?: string | Pipe, ...rest: Pipe[]): ParameterDecorator {
  const field = typeof first === 'string' ? first : undefined;
  const own = first === undefined || typeof first === 'string' ? rest : [first, ...rest];
  return markParameter(PARAMETER.PAYLOAD, field, [...own, PayloadPipe]);
}

/** The interaction: ids, caller, effects, abort signal. */
export const Live = (): ParameterDecorator => markParameter(PARAMETER.LIVE, undefined, []);

/** Who caused the event. */
export const Caller = (): ParameterDecorator => markParameter(PARAMETER.CALLER, undefined, []);

/** What a method asks for: parameter types of ours and of Nest; `NaN` for one that an application has made itself. */
export const parametersOf = (type: object, method: string): readonly number[] =>
  Object.keys((Reflect.getMetadata(ROUTE_ARGS_METADATA, type, method) ?? {}) as object).map((mark) =>
    mark.includes(CUSTOM_ROUTE_ARGS_METADATA) ? NaN : parseInt(mark, 10),
  );
