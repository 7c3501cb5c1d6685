import { printsPlainly } from '../view-object.js';

const MAX_DEPTH = 6;

/** Stands for a value of which nobody can say whether it is the same as another. */
export const UNKNOWN = Symbol('unknown');

/** Text of plain data; not the string that is written the same. */
class DataText {
  constructor(readonly text: string) {}
}

/**
 * What stands for a value of a view: of two that are the same, templates print the same. A primitive is itself, plain data
 * is its text.
 */
export const standIn = (value: unknown): unknown => {
  if (typeof value === 'function' || typeof value === 'symbol') return UNKNOWN;
  if (typeof value !== 'object' || value === null) return value;
  const text = textOf(value, 0);
  return text === undefined ? UNKNOWN : new DataText(text);
};

export const isSame = (one: unknown, other: unknown): boolean => {
  if (one === other) return one !== UNKNOWN && (one !== 0 || Object.is(one, other));
  return typeof one === 'object' && one instanceof DataText && other instanceof DataText && one.text === other.text;
};

/** Whether this is what stands for a value. */
export const standsFor = (one: unknown, value: unknown): boolean =>
  typeof value === 'object' && value !== null ? isSame(one, standIn(value)) : isSame(one, value);

const textOf = (value: unknown, depth: number): string | undefined => {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return `${value}n`;
    case 'boolean':
    case 'undefined':
      return String(value);
    case 'object':
      if (value === null) return 'null';
      if (depth > MAX_DEPTH) return undefined;
      return Array.isArray(value) ? listText(value, depth + 1) : objectText(value, depth + 1);
    default:
      return undefined;
  }
};

const listText = (list: readonly unknown[], depth: number): string | undefined => {
  if (Object.getPrototypeOf(list) !== Array.prototype || Object.keys(list).length !== list.length) return undefined;
  let text = '[';
  for (const item of list) {
    const one = textOf(item, depth);
    if (one === undefined) return undefined;
    text += `${one},`;
  }
  return `${text}]`;
};

const objectText = (value: object, depth: number): string | undefined => {
  if (!isPlainData(value) || !printsPlainly(value)) return undefined;
  let text = '{';
  for (const key of Object.getOwnPropertyNames(value)) {
    const one = textOf((value as Record<string, unknown>)[key], depth);
    if (one === undefined) return undefined;
    text += `${JSON.stringify(key)}:${one},`;
  }
  return `${text}}`;
};

/** Its members are its own, or nothing to a template. */
export const isPlainData = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
};
