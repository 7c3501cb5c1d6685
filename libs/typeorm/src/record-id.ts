import type { ModelId } from 'nest-live/forms';

import type { ColumnMetadata } from './record-plan.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const WHOLE = /^-?\d{1,19}$/;
const WIDE = new Set<unknown>(['bigint', 'int8', 'bigserial', 'serial8', 'unsigned big int']);
const NUMBERS = new Set<unknown>([
  Number,
  'int',
  'int2',
  'int4',
  'integer',
  'mediumint',
  'serial',
  'smallint',
  'tinyint',
]);
const LARGEST = 2_147_483_647;

/** An id as its column takes it; undefined for what cannot be one: a database would refuse to look for it. */
export const readId = ({ type, generationStrategy }: ColumnMetadata, id: unknown): ModelId | undefined => {
  if (typeof id !== 'string' && typeof id !== 'number') {
    return undefined;
  }
  const text = String(id);
  if (WIDE.has(type)) {
    return WHOLE.test(text) && isBelow63Bits(text) ? text : undefined;
  }
  if (NUMBERS.has(type)) {
    return WHOLE.test(text) && Math.abs(Number(text)) <= LARGEST ? Number(text) : undefined;
  }
  if (type === 'uuid' || generationStrategy === 'uuid') {
    return UUID.test(text) ? text.toLowerCase() : undefined;
  }
  return text.length > 0 && text.length <= 255 && !text.includes('\0') ? text : undefined;
};

const isBelow63Bits = (text: string): boolean => BigInt.asIntN(64, BigInt(text)) === BigInt(text);
