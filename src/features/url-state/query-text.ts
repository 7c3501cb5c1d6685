import type { Clock } from '../../component/clock.js';
import { temporalKindOf } from '../../component/temporal.js';
import { readPrimitive } from '../../component/validation.js';

/** Longer texts neither come from an address nor go into one: browsers, proxies and servers cut addresses off. */
const MAX_CHARS = 2_000;
const MAX_ITEMS = 100;

/** The value that these texts of one name mean for this type; undefined when they mean none. */
export const readTexts = (type: unknown, texts: readonly string[], clock: Clock): unknown => {
  if (texts.length === 0 || texts.length > MAX_ITEMS || texts.some((text) => text.length > MAX_CHARS)) {
    return undefined;
  }
  // An address with the name but without a value is an empty list, which is not the same as no list.
  return type === Array ? texts.filter(Boolean) : readPrimitive(type, texts[texts.length - 1], 'form', clock);
};

/** The texts that mean this value; none for what an address cannot say. */
export const textsOf = (value: unknown): readonly string[] => {
  if (Array.isArray(value)) {
    const texts = value.length === 0 ? [''] : value.map(String);
    return texts.length > MAX_ITEMS ? [] : texts.filter(isShort);
  }
  return [textOf(value)].filter((text) => text !== undefined && isShort(text)) as string[];
};

const textOf = (value: unknown): string | undefined => {
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  }
  if (temporalKindOf(value)) {
    return String(value);
  }
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined;
};

const isShort = (text: string): boolean => text.length <= MAX_CHARS;
