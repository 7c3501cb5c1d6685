import type { Type } from '@nestjs/common';

import { transformer, transformerStorage } from './class-transformer.js';
import { UTC_CLOCK, type Clock } from './clock.js';
import { dateOf } from './date-text.js';
import {
  temporalClock,
  temporalKind,
  temporalKindOf,
  temporalName,
  temporalOf,
  type TemporalValue,
} from './temporal.js';
import { clockOf, UTC_ZONES, type Zones } from './zones.js';

/** What the rules of a class say of a field whose type is lost when it is compiled (`Date | null`). */
export type RuledTypes = (type: Type, name: string) => unknown;

interface How {
  readonly zones?: Zones;
  readonly ruled?: RuledTypes;
}

/** Plain data with its days and times read. */
export interface DatedData {
  /**
   * Dates are dates. What is of `Temporal` is still a text, as it writes itself: class-transformer would take a value apart, and makes one
   * of the text.
   */
  readonly plain: object;
  /** Messages by field path. */
  readonly wrong: Readonly<Record<string, readonly string[]>>;
}

/**
 * Plain data with the days and times that a DTO declares, at any depth. class-transformer makes a date of whatever the language takes
 * for one: of `abc 12`, of `1`, and March 2 of February 30.
 */
export const readDates = (
  type: Type,
  plain: object,
  { zones = UTC_ZONES, ruled = () => undefined }: How = {},
): DatedData => {
  const wrong: Record<string, readonly string[]> = {};
  return { plain: objectWith(type, plain, { zones, ruled, wrong, path: [] }), wrong };
};

interface Walk extends Required<How> {
  readonly wrong: Record<string, readonly string[]>;
  readonly path: readonly string[];
}

interface Field {
  readonly type: unknown;
  readonly clock: Clock;
}

const objectWith = (type: Type, plain: object, walk: Walk): object => {
  const read = Object.entries(plain).map(([name, value]) => {
    const field = { type: declared(type, name) ?? walk.ruled(type, name), clock: clockOf(type, name, walk.zones) };
    if (temporalKind(field.type)) transformed(type, name, field.type);
    return [name, dated(field, value, { ...walk, path: [...walk.path, name] })] as const;
  });
  return read.some(([name, value]) => value !== (plain as Record<string, unknown>)[name])
    ? { ...plain, ...Object.fromEntries(read) }
    : plain;
};

/** The class of a field, or of the items of a list. */
const declared = (type: Type, name: string): unknown => {
  const said: unknown =
    transformerStorage().findTypeMetadata(type, name)?.typeFunction?.() ??
    Reflect.getMetadata('design:type', type.prototype as object, name);
  return said === Object || said === Array ? undefined : said;
};

const dated = ({ type, clock }: Field, value: unknown, walk: Walk): unknown => {
  if (value === null || value === undefined) return value;
  if (Array.isArray(value)) {
    const items = (value as unknown[]).map((item, at) =>
      dated({ type, clock }, item, { ...walk, path: [...walk.path, String(at)] }),
    );
    return items.some((item, at) => item !== (value as unknown[])[at]) ? items : value;
  }
  if (temporalKind(type)) return temporalText({ type, clock }, value, walk);
  if (isTemporal(value)) return value.toString();
  if (typeof type !== 'function') return value;
  if (type === Date) {
    // A list where one date is declared is not for here to judge; anything but a text is no date.
    return value instanceof Date ? value : dateIn(value, clock);
  }
  return typeof value === 'object' && !LANGUAGE.has(type) ? objectWith(type as Type, value, walk) : value;
};

const temporalText = ({ type, clock }: Field, value: unknown, { wrong, path }: Walk): unknown => {
  const read = timeIn(type, value, clock);
  if (!(read instanceof Date)) {
    return String(read);
  }
  wrong[path.join('.')] = [`must be ${temporalName(type)}`];
  return read;
};

const isTemporal = (value: unknown): value is TemporalValue => temporalKindOf(value) !== undefined;

/** What a declared date was given as: an invalid one where it is none, so that a check refuses it. */
export const dateIn = (value: unknown, clock: Clock = UTC_CLOCK): Date =>
  (typeof value === 'string' ? dateOf(value, clock) : undefined) ?? new Date(NaN);

/** What was given for a declared date or class of `Temporal`; an invalid date where it is none, so that no later reading takes it. */
export const timeIn = (type: unknown, value: unknown, clock: Clock): Date | TemporalValue => {
  const kind = temporalKind(type);
  return (kind && temporalOf(type, value, temporalClock(kind, clock))) ?? (kind ? new Date(NaN) : dateIn(value, clock));
};

const known = new WeakMap<Type, Set<string>>();

/** Tells class-transformer what a text of such a field is, whoever calls it: a pipe of the application's does, too. */
const transformed = (type: Type, name: string, temporal: unknown): void => {
  const names = known.get(type) ?? new Set<string>();
  known.set(type, names);
  if (names.has(name)) {
    return;
  }
  names.add(name);
  const valueOf = (text: unknown): unknown => (typeof text === 'string' ? timeIn(temporal, text, UTC_CLOCK) : text);
  const transform = transformer().Transform(
    ({ value }: { value: unknown }): unknown => (Array.isArray(value) ? value.map(valueOf) : valueOf(value)),
    { toClassOnly: true },
  );
  transform(type.prototype as object, name);
};

const LANGUAGE = new Set<unknown>([Object, Array, Map, Set, String, Number, Boolean, Function]);
