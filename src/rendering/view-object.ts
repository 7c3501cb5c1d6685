import { types } from 'node:util';

import { applicationRuns } from '../component/application-code.js';
import { Placement } from './placement.js';
import { SafeCode } from './safe-code.js';
import { SafeHtml } from './safe-html.js';

/** What a template sees: own data only, no prototype, no functions. */
export type ViewObject = Readonly<Record<string, unknown>>;

type Copies = Map<object, unknown>;

const { getOwnPropertyDescriptor, getPrototypeOf, keys } = Object;

/**
 * Copies own enumerable data into an object without prototype. Functions, symbols and getters are left out; class
 * instances become their data and still print as their `toString()`; Date, Map, Set and SafeHtml stay what they are.
 */
export function toView(data: object): ViewObject {
  const view = blank();
  let copies: Copies | undefined;
  for (const key of keys(data)) {
    const descriptor = getOwnPropertyDescriptor(data, key);
    if (descriptor === undefined || !('value' in descriptor)) continue;
    const value: unknown = descriptor.value;
    if (typeof value === 'object' && value !== null) {
      copies ??= new Map([[data, view]]);
      view[key] = copyOf(value, copies);
    } else if (typeof value !== 'function' && typeof value !== 'symbol') {
      view[key] = value;
    }
  }
  return view;
}

/**
 * One value as `toView` would hold it; a primitive costs nothing.
 * @param known for each row of a list, a row of the same data that has no member which is an object, or says how it prints
 */
export function toViewValue(value: unknown, known?: readonly unknown[]): unknown {
  if (known && Array.isArray(value)) return copyArray(value, new Map(), known);
  if (typeof value === 'object' && value !== null) return copyOf(value, new Map());
  return isData(value) ? value : undefined;
}

/** An empty view to fill with values that are safe already; it prints like an object wherever a template prints it. */
export const emptyView = (): Record<string, unknown> => new ViewShape([]).make();

/**
 * Views of the same names, to be filled with values that are safe already; each prints like an object wherever a template
 * prints it. A copy that loses its prototype keeps V8's fast properties, and an object that is born without one is a dictionary.
 */
export class ViewShape {
  private readonly blank: Record<string, unknown> = { [Symbol.toPrimitive]: PLAIN_PRINTER.value as unknown };

  constructor(names: readonly string[]) {
    for (const name of names) {
      Object.defineProperty(this.blank, name, {
        value: undefined,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
  }

  make(): Record<string, unknown> {
    return Object.setPrototypeOf({ ...this.blank }, null) as Record<string, unknown>;
  }
}

// The literal keeps V8's fast properties; Object.create(null) makes a dictionary.
const blank = (): Record<string, unknown> => ({ __proto__: null });

const isData = (value: unknown) => typeof value !== 'function' && typeof value !== 'symbol';

function clean(value: unknown, copies: Copies): unknown {
  if (typeof value === 'object' && value !== null) return copyOf(value, copies);
  return isData(value) ? value : undefined;
}

function copyOf(value: object, copies: Copies): unknown {
  const known = copies.get(value);
  if (known !== undefined) return known;
  if (Array.isArray(value)) return copyArray(value, copies);
  const prototype: unknown = getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return copyObject(value, copies);
  return copyBuiltIn(value, copies);
}

function copyArray(list: readonly unknown[], copies: Copies, known: readonly unknown[] = []): unknown[] {
  const copy: unknown[] = new Array(list.length);
  copies.set(list, copy);
  for (let i = 0; i < list.length; i += 1) {
    const item = list[i];
    if (typeof item === 'object' && item !== null) {
      const isSafe = known[i] === undefined ? isRow(item) : hasNoHooks(item);
      copy[i] = isSafe ? item : copyOf(item, copies);
    } else if (isData(item)) copy[i] = item;
  }
  return copy;
}

/** A row that is plain data already is passed as it is: checking costs a fraction of copying. */
const isRow = (item: object) => isPlain(item, isFlat);

const isFlat = (item: object) => isPlain(item, () => false);

function isPlain(item: object, acceptsNested: (nested: object) => boolean): boolean {
  const prototype: unknown = getPrototypeOf(item);
  if (prototype !== Object.prototype) return false;
  if (!hasNoHooks(item)) return false;
  for (const key of keys(item)) {
    const descriptor = getOwnPropertyDescriptor(item, key);
    if (descriptor === undefined || !('value' in descriptor)) return false;
    const value: unknown = descriptor.value;
    if (!isData(value)) return false;
    // One level only, so that a row that holds itself costs nothing.
    if (typeof value === 'object' && value !== null && !acceptsNested(value)) return false;
  }
  return true;
}

interface Hooks {
  readonly toString: unknown;
  readonly valueOf: unknown;
  readonly toHTML?: unknown;
  readonly [Symbol.iterator]?: unknown;
  readonly [Symbol.toPrimitive]?: unknown;
}

const PLAIN: Hooks = Object.prototype;

/** Members that would change how a plain object prints or iterates, or keep it from printing at all. */
function hasNoHooks(item: object): boolean {
  const hooks = item as Hooks;
  if (hooks.toString !== PLAIN.toString || hooks.valueOf !== PLAIN.valueOf) return false;
  if (typeof hooks.toHTML === 'function') return false;
  return hooks[Symbol.iterator] === undefined && hooks[Symbol.toPrimitive] === undefined;
}

function copyObject(value: object, copies: Copies): Record<string, unknown> {
  const copy = blank();
  copies.set(value, copy);
  for (const key of keys(value)) {
    const descriptor = getOwnPropertyDescriptor(value, key);
    if (descriptor === undefined || !('value' in descriptor)) continue;
    const member: unknown = descriptor.value;
    if (isData(member)) copy[key] = clean(member, copies);
  }
  // `{{object}}` must print, not throw. No template can name a symbol.
  return Object.defineProperty(copy, Symbol.toPrimitive, printerOf(value));
}

const PLAIN_PRINTER: PropertyDescriptor = { value: () => '[object Object]' };

/** Whether it prints as any object does. */
export function printsPlainly(value: object): boolean {
  const symbols = Object.getOwnPropertySymbols(value);
  if (symbols.length === 0) return !Object.hasOwn(value, 'toString') && !Object.hasOwn(value, 'valueOf');
  const { [Symbol.toPrimitive]: printer } = value as { readonly [Symbol.toPrimitive]?: unknown };
  return symbols.length === 1 && printer === PLAIN_PRINTER.value;
}

function printerOf(value: object): PropertyDescriptor {
  const { toString } = value as { toString?: unknown };
  if (typeof toString !== 'function') return PLAIN_PRINTER;
  if (toString === Object.prototype.toString && !(Symbol.toStringTag in value)) return PLAIN_PRINTER;
  return {
    value: () => {
      applicationRuns();
      return `${value as unknown as string}`;
    },
  };
}

function copyBuiltIn(value: object, copies: Copies): unknown {
  if (SafeHtml.is(value) || SafeCode.is(value) || value instanceof Placement) return value;
  if (types.isDate(value)) return new Date(value.getTime());
  if (types.isMap(value)) return copyMap(value, copies);
  if (types.isSet(value)) return copySet(value, copies);
  if (types.isBoxedPrimitive(value)) return clean(value.valueOf(), copies);
  if (types.isTypedArray(value)) return Array.from(value as Iterable<number | bigint>);
  return copyObject(value, copies);
}

function copyMap(map: ReadonlyMap<unknown, unknown>, copies: Copies): Map<unknown, unknown> {
  const copy = new Map<unknown, unknown>();
  copies.set(map, copy);
  for (const [key, value] of Map.prototype.entries.call(map)) copy.set(clean(key, copies), clean(value, copies));
  return sized(copy);
}

function copySet(set: ReadonlySet<unknown>, copies: Copies): Set<unknown> {
  const copy = new Set<unknown>();
  copies.set(set, copy);
  for (const value of Set.prototype.values.call(set)) if (isData(value)) copy.add(clean(value, copies));
  return sized(copy);
}

/** Templates see own data alone, and `{{items.size}}` is what everybody writes. */
const sized = <Collection extends { readonly size: number }>(copy: Collection): Collection =>
  Object.defineProperty(copy, 'size', { value: copy.size });
