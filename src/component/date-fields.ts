import { createRequire } from 'node:module';

import type { Type } from '@nestjs/common';

import { UTC_CLOCK, type Clock } from './clock.js';
import { dateOf } from './date-text.js';
import { clockOf, UTC_ZONES, type Zones } from './zones.js';

/** What `@Type()` has said, which class-transformer keeps in a module that has no types and no other way in. */
interface TransformerStorage {
  findTypeMetadata(type: Type, name: string): { readonly typeFunction?: () => unknown } | undefined;
}

const { defaultMetadataStorage } = createRequire(import.meta.url)('class-transformer/cjs/storage.js') as {
  readonly defaultMetadataStorage: TransformerStorage;
};

/**
 * Plain data with the dates that a DTO declares, at any depth. class-transformer makes a date of whatever the language takes
 * for one: of `abc 12`, of `1`, and March 2 of February 30.
 */
export const withDates = (type: Type, plain: object, zones: Zones = UTC_ZONES): object => {
  const read = Object.entries(plain).map(
    ([name, value]) =>
      [name, dated(declared(type, name), value, { zones, clock: clockOf(type, name, zones) })] as const,
  );
  return read.some(([name, value]) => value !== (plain as Record<string, unknown>)[name])
    ? { ...plain, ...Object.fromEntries(read) }
    : plain;
};

/** The class of a field, or of the items of a list. */
const declared = (type: Type, name: string): unknown =>
  defaultMetadataStorage.findTypeMetadata(type, name)?.typeFunction?.() ??
  (Reflect.getMetadata('design:type', type.prototype as object, name) as unknown);

interface Reading {
  readonly zones: Zones;
  readonly clock: Clock;
}

const dated = (type: unknown, value: unknown, reading: Reading): unknown => {
  if (value === null || value === undefined || typeof type !== 'function') return value;
  if (Array.isArray(value)) {
    const items = (value as unknown[]).map((item) => dated(type, item, reading));
    return items.some((item, at) => item !== (value as unknown[])[at]) ? items : value;
  }
  if (type === Date) {
    // A list where one date is declared is not for here to judge; anything but a text is no date.
    return value instanceof Date ? value : dateIn(value, reading.clock);
  }
  return typeof value === 'object' && !LANGUAGE.has(type) ? withDates(type as Type, value, reading.zones) : value;
};

/** What a declared date was given as: an invalid one where it is none, so that a check refuses it. */
export const dateIn = (value: unknown, clock: Clock = UTC_CLOCK): Date =>
  (typeof value === 'string' ? dateOf(value, clock) : undefined) ?? new Date(NaN);

const LANGUAGE = new Set<unknown>([Object, Array, Map, Set, String, Number, Boolean, Function]);
