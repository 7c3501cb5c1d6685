import { createRequire } from 'node:module';

import type { Type } from '@nestjs/common';

import { dateOf } from './date-text.js';

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
export const withDates = (type: Type, plain: object): object => {
  const read = Object.entries(plain).map(([name, value]) => [name, dated(declared(type, name), value)] as const);
  return read.some(([name, value]) => value !== (plain as Record<string, unknown>)[name])
    ? { ...plain, ...Object.fromEntries(read) }
    : plain;
};

/** The class of a field, or of the items of a list. */
const declared = (type: Type, name: string): unknown =>
  defaultMetadataStorage.findTypeMetadata(type, name)?.typeFunction?.() ??
  (Reflect.getMetadata('design:type', type.prototype as object, name) as unknown);

const dated = (type: unknown, value: unknown): unknown => {
  if (value === null || value === undefined || typeof type !== 'function') return value;
  if (Array.isArray(value)) {
    const items = (value as unknown[]).map((item) => dated(type, item));
    return items.some((item, at) => item !== (value as unknown[])[at]) ? items : value;
  }
  if (type === Date) {
    // A list where one date is declared is not for here to judge; anything but a text is no date.
    return value instanceof Date ? value : ((typeof value === 'string' ? dateOf(value) : undefined) ?? new Date(NaN));
  }
  return typeof value === 'object' && !LANGUAGE.has(type) ? withDates(type as Type, value) : value;
};

const LANGUAGE = new Set<unknown>([Object, Array, Map, Set, String, Number, Boolean, Function]);
