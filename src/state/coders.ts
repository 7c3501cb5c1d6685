import type { Type } from '@nestjs/common';

/**
 * How a class is kept in the state. `encode` returns data (which may again hold anything the codec knows), `decode`
 * makes the instance from it.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- rows of different classes share a list
export interface StateCoder<T = any> {
  /** Stands in stored states: never rename it while states live. */
  readonly name: string;
  readonly type: Type<T>;
  encode(value: T): unknown;
  decode(data: unknown): T;
}

/** A row for values that have no class. */
export type ValueCoder = Omit<StateCoder, 'type'>;

export const DATE_CODER: StateCoder<Date> = {
  name: 'date',
  type: Date,
  // An invalid date has no text, only NaN; null keeps it apart.
  encode: (date) => (Number.isNaN(date.getTime()) ? null : date.getTime()),
  decode: (data) => new Date(data === null ? NaN : (data as number)),
};

export const MAP_CODER: StateCoder<Map<unknown, unknown>> = {
  name: 'map',
  type: Map,
  encode: (map) => [...map],
  decode: (data) => new Map(data as [unknown, unknown][]),
};

export const SET_CODER: StateCoder<Set<unknown>> = {
  name: 'set',
  type: Set,
  encode: (set) => [...set],
  decode: (data) => new Set(data as unknown[]),
};

/** Classes every codec knows. */
export const CLASS_CODERS: readonly StateCoder[] = [DATE_CODER, MAP_CODER, SET_CODER];

/** Primitive values that JSON loses, by `typeof`. */
export const PRIMITIVE_CODERS: readonly ValueCoder[] = [
  { name: 'undefined', encode: () => 0, decode: () => undefined },
  { name: 'bigint', encode: String, decode: (data) => BigInt(data as string) },
  // Only what JSON cannot write reaches this row: -0, NaN and the infinities.
  { name: 'number', encode: (value) => (value === 0 ? '-0' : String(value)), decode: Number },
];

const withoutPrototype = (data: unknown): unknown => {
  const target = Object.create(null) as Record<string, unknown>;
  for (const [key, value] of data as [string, unknown][]) target[key] = value;
  return target;
};

/** Objects whose keys would be mistaken for a tag: their entries travel as a list. `fromEntries` defines, never assigns. */
export const OBJECT_CODER: ValueCoder = {
  name: 'object',
  encode: (value: object) => Object.entries(value),
  decode: (data) => Object.fromEntries(data as [string, unknown][]),
};

export const DICTIONARY_CODER: ValueCoder = {
  name: 'dictionary',
  encode: (value: object) => Object.entries(value),
  decode: withoutPrototype,
};

/** Classes of `Temporal`, whose text says all there is of them. */
const TEMPORAL =
  /^Temporal\.(?:PlainDate|PlainTime|PlainDateTime|PlainYearMonth|PlainMonthDay|Instant|ZonedDateTime|Duration)$/;

/** What this names of the `Temporal` that this process has by now: its own, or a polyfill's in its place. */
export const temporalCoder = (name: unknown): StateCoder | undefined => {
  if (typeof name !== 'string' || !TEMPORAL.test(name)) return undefined;
  const { Temporal = {} } = globalThis as { Temporal?: Readonly<Record<string, TemporalType | undefined>> };
  const type = Temporal[name.slice('Temporal.'.length)];
  return type && { name, type, encode: String, decode: (text) => type.from(text as string) };
};

type TemporalType = Type & { from(text: string): object };

/** The coder of a value of `Temporal`; undefined also for one of another `Temporal` than that of the process. */
export const temporalCoderOf = (prototype: object): StateCoder | undefined => {
  const coder = temporalCoder(Object.getOwnPropertyDescriptor(prototype, Symbol.toStringTag)?.value);
  return coder?.type.prototype === prototype ? coder : undefined;
};

/** Whether this says of itself that it is of `Temporal`. */
export const isOfTemporal = (prototype: object): boolean =>
  TEMPORAL.test(String(Object.getOwnPropertyDescriptor(prototype, Symbol.toStringTag)?.value));
