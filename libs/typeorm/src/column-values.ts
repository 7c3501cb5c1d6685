import { temporalKindOf } from 'nest-live/extend';

import type { ColumnMetadata } from './record-plan.js';

/**
 * A value as its column takes it. A day has no zone: TypeORM 1.1 writes a Date into a `date` column in the zone of the
 * process, so that west of Greenwich midnight UTC is the day before.
 */
export const toColumn = ({ type, transformer }: ColumnMetadata, value: unknown): unknown => {
  if (transformer) {
    return value;
  }
  const kind = temporalKindOf(value);
  if (kind !== undefined) {
    // No column keeps a zone beside its time, and drivers know dates and texts.
    return kind === 'ZonedDateTime' || kind === 'Instant'
      ? new Date((value as { readonly epochMilliseconds: number }).epochMilliseconds)
      : String(value);
  }
  return type === 'date' && value instanceof Date && !Number.isNaN(value.getTime())
    ? value.toISOString().split('T')[0]
    : value;
};

/** Whole numbers of PostgreSQL and MySQL, by their bits. SQLite keeps whatever it is given. */
const BITS = new Map<unknown, number>([
  ...['smallint', 'int2'].map((type) => [type, 16] as const),
  ...['int', 'integer', 'int4', Number].map((type) => [type, 32] as const),
  ...['bigint', 'int8'].map((type) => [type, 64] as const),
]);
const DECIMALS: readonly unknown[] = ['numeric', 'decimal', 'dec'];
const SQLITE = /sqlite|sqljs|expo|capacitor|cordova|nativescript|react-native/;

/** What keeps a column from holding a value, in the words of a form; undefined when nothing does. */
export const complaintOf = (column: ColumnMetadata, value: unknown, database: string): string | undefined => {
  if (value === null) {
    return column.isNullable ? undefined : 'must not be empty';
  }
  if (typeof value === 'string' && value.includes('\0')) {
    return 'has a character that cannot be saved';
  }
  if (column.transformer || column.isArray || SQLITE.test(database)) {
    return undefined;
  }
  const bits = BITS.get(column.type);
  if (bits !== undefined) {
    return isWithin(value, bits) ? undefined : 'is too large or too small';
  }
  const { precision, scale } = column;
  if (DECIMALS.includes(column.type) && typeof precision === 'number') {
    return Math.abs(Number(value)) < 10 ** (precision - (scale ?? 0)) ? undefined : 'is too large or too small';
  }
  const longest = Number(column.length);
  return typeof value === 'string' && longest > 0 && [...value].length > longest
    ? `must be at most ${longest} characters`
    : undefined;
};

const isWithin = (value: unknown, bits: number): boolean => {
  const isWhole = typeof value === 'bigint' || Number.isInteger(value) || /^[+-]?\d{1,30}$/.test(String(value));
  // What is no whole number is for the database to refuse.
  if (!isWhole) return true;
  const number = BigInt(value as bigint | number | string);
  return BigInt.asIntN(bits, number) === number;
};
