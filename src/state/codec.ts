import { applicationRuns } from '../component/application-code.js';
import { LiveError } from '../errors/live-error.js';
import { LiveSetupError } from '../errors/setup-error.js';
import {
  CLASS_CODERS,
  DICTIONARY_CODER,
  OBJECT_CODER,
  isOfTemporal,
  PRIMITIVE_CODERS,
  temporalCoder,
  temporalCoderOf,
  type StateCoder,
  type ValueCoder,
} from './coders.js';
import { isPlainJson, TAG } from './plain-json.js';
import type { StateMemory } from './state-memory.js';

// A quote inside a JSON string is escaped, so this stands in the text only where an object begins with the tag.
const TAG_IN_TEXT = `{"${TAG}":`;
const MAX_DEPTH = 256;

/** Where what features keep stands among the fields: no decorator makes a field of this name. */
const KEPT = '#';

/** A snapshot's contents. */
export interface StoredFields {
  readonly fields: Record<string, unknown>;
  /** What features keep of the instance, by their names. */
  readonly kept: Record<string, unknown>;
}

type Path = (string | number)[];

const isPlainPrototype = (prototype: object | null): boolean =>
  prototype === Object.prototype ||
  (prototype !== null && Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf'));

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new LiveError('STATE_INVALID', 'A stored state is not JSON text.');
  }
};

const isFields = (data: unknown): data is Record<string, unknown> =>
  typeof data === 'object' && data !== null && !Array.isArray(data);

const nameOf = (value: object): string => {
  const constructor: unknown = (Object.getPrototypeOf(value) as { constructor?: unknown } | null)?.constructor;
  return typeof constructor === 'function' && constructor.name ? constructor.name : 'an object without a class name';
};

const refuse = (path: Path, what: string): LiveError =>
  new LiveError('HANDLER_ERROR', `State field "${path.join('.') || '(root)'}" ${what}`);

const TEMPORAL_ADVICE =
  'before the application starts, set globalThis.Temporal to the polyfill you import, on every node, or keep its text.';

/** Keys that would be gone without a word. */
const refuseOddKeys = (value: object, path: Path): void => {
  if (Object.getOwnPropertySymbols(value).length > 0) throw refuse(path, 'has a symbol key: use string keys.');
  const isBare = value instanceof Map || value instanceof Set || value instanceof Date;
  if (isBare && Object.getOwnPropertyNames(value).length > 0)
    throw refuse(path, `is a ${nameOf(value)} with keys of its own: keep them beside it.`);
};

/**
 * State to text and back. Knows JSON data, Date, Map, Set, bigint, undefined, -0, NaN, the infinities, objects without
 * a prototype, `Temporal` where the process has it, and the classes it was given coders for; anything else is an error that names the field.
 */
export class StateCodec {
  readonly #byPrototype = new Map<object, StateCoder>();
  readonly #byName = new Map<string, ValueCoder>();

  /** @param coders the application's own */
  constructor(private readonly coders: readonly StateCoder[] = []) {
    for (const coder of [...PRIMITIVE_CODERS, OBJECT_CODER, DICTIONARY_CODER]) this.#byName.set(coder.name, coder);
    for (const coder of [...CLASS_CODERS, ...coders]) this.#register(coder);
  }

  /** Throws `HANDLER_ERROR` naming the field that cannot be kept. */
  encode(value: Record<string, unknown>): string {
    if (isPlainJson(value, 0)) return JSON.stringify(value);
    return JSON.stringify(this.#dehydrate(value, [], new Set()));
  }

  /** Throws `STATE_INVALID` for text that is not a state, `STATE_OUTDATED` when a coder is missing or fails. */
  decode(text: string): Record<string, unknown> {
    return this.#fields(parsed(text), text);
  }

  /** An instance's fields, and beside them what features keep of it. @param memory the state that was read for it */
  encodeState(fields: Record<string, unknown>, kept: Readonly<Record<string, unknown>>, memory?: StateMemory): string {
    const state = Object.keys(kept).length > 0 ? { ...fields, [KEPT]: kept } : fields;
    if (!memory || Object.hasOwn(state, TAG)) return this.encode(state);
    return memory.write(state, (name) => this.#written(state, name)) ?? this.encode(state);
  }

  /** @param memory what its reader has read before, and is to remember of this */
  decodeState(text: string, memory?: StateMemory): StoredFields {
    const fields = memory ? this.#recalled(text, memory) : this.decode(text);
    const kept = (fields[KEPT] ?? {}) as Record<string, unknown>;
    delete fields[KEPT];
    return { fields, kept };
  }

  #register(coder: StateCoder): void {
    if (this.#byName.has(coder.name)) {
      throw new LiveSetupError('OPTION_INVALID', `Two state coders are named "${coder.name}". Rename yours.`);
    }
    this.#byName.set(coder.name, coder);
    this.#byPrototype.set(coder.type.prototype as object, coder);
  }

  #fields(data: unknown, text: string): Record<string, unknown> {
    const value = text.includes(TAG_IN_TEXT) ? this.#hydrate(data) : data;
    if (isFields(value)) return value;
    throw new LiveError('STATE_INVALID', 'A stored state is not an object.');
  }

  #recalled(text: string, memory: StateMemory): Record<string, unknown> {
    let known = memory.read(text);
    if (!known) {
      const data = parsed(text);
      const isData = text.includes(TAG_IN_TEXT) ? (part: unknown) => isPlainJson(part, 1) : () => true;
      if (!isFields(data) || Object.hasOwn(data, TAG) || !memory.learn(text, data, isData)) {
        return this.#fields(data, text);
      }
      known = memory.read(text)!;
    }
    return { ...this.decode(known.rest), ...known.lists };
  }

  /** One field as it stands in the text of all. */
  #written(fields: Record<string, unknown>, name: string): string {
    const value = fields[name];
    return JSON.stringify(isPlainJson(value, 1) ? value : this.#dehydrate(value, [name], new Set([fields])));
  }

  #dehydrate(value: unknown, path: Path, ancestors: Set<object>): unknown {
    if (typeof value === 'function')
      throw refuse(path, 'holds a function: keep data and call code from the component.');
    if (typeof value === 'symbol') throw refuse(path, 'holds a symbol: keep a string instead.');
    if (typeof value !== 'object' || value === null) return this.#dehydratePrimitive(value);
    if (ancestors.has(value)) throw refuse(path, 'holds itself (a cycle): keep an id instead of the object.');
    if (ancestors.size >= MAX_DEPTH) throw refuse(path, `is nested deeper than ${MAX_DEPTH} levels: flatten it.`);
    ancestors.add(value);
    const data = this.#dehydrateObject(value, path, ancestors);
    ancestors.delete(value);
    return data;
  }

  #dehydratePrimitive(value: unknown): unknown {
    if (isPlainJson(value, 0)) return value;
    const coder = this.#byName.get(typeof value)!;
    return { [TAG]: coder.name, v: coder.encode(value) };
  }

  #dehydrateObject(value: object, path: Path, ancestors: Set<object>): unknown {
    const prototype = Object.getPrototypeOf(value) as object | null;
    const coder = prototype && (this.#byPrototype.get(prototype) ?? temporalCoderOf(prototype));
    // What the author's own coders make of an instance is theirs to say.
    if (!coder || CLASS_CODERS.includes(coder)) refuseOddKeys(value, path);
    if (coder) return this.#tagged(coder, value, path, ancestors);
    if (Array.isArray(value) && nameOf(value) === 'Array') return this.#dehydrateArray(value, path, ancestors);
    if (prototype !== null && !isPlainPrototype(prototype)) {
      const name = nameOf(value);
      if (isOfTemporal(prototype))
        throw refuse(path, `holds a ${name} of another Temporal than that of the process: ${TEMPORAL_ADVICE}`);
      throw refuse(path, `holds a ${name}: add a coder for ${name} to the module's coders, or keep plain data.`);
    }
    if (prototype === null) return this.#tagged(DICTIONARY_CODER, value, path, ancestors);
    if (Object.hasOwn(value, TAG)) return this.#tagged(OBJECT_CODER, value, path, ancestors);
    return this.#dehydrateFields(value as Record<string, unknown>, path, ancestors);
  }

  #tagged(coder: ValueCoder, value: object, path: Path, ancestors: Set<object>): unknown {
    if (this.coders.some((own) => own === coder)) applicationRuns();
    return { [TAG]: coder.name, v: this.#dehydrate(coder.encode(value), path, ancestors) };
  }

  #dehydrateArray(value: readonly unknown[], path: Path, ancestors: Set<object>): unknown[] {
    const keys = Object.keys(value);
    if (keys.some((key) => !/^\d+$/.test(key))) throw refuse(path, 'is an array with named keys: use an object.');
    if (keys.length < value.length) throw refuse(path, 'is an array with holes: write undefined or null into them.');
    return value.map((item, index) => this.#dehydrate(item, [...path, index], ancestors));
  }

  #dehydrateFields(value: Record<string, unknown>, path: Path, ancestors: Set<object>): unknown {
    const entries = Object.keys(value).map((key) => [key, this.#dehydrate(value[key], [...path, key], ancestors)]);
    return Object.fromEntries(entries) as unknown;
  }

  #hydrate(data: unknown): unknown {
    if (typeof data !== 'object' || data === null) return data;
    if (!Array.isArray(data) && Object.hasOwn(data, TAG)) return this.#untag(data as { $: unknown; v: unknown });
    const target = data as Record<string, unknown>;
    // Every key is an own data property of freshly parsed JSON, so that the assignment never reaches a prototype.
    for (const key of Object.keys(target)) target[key] = this.#hydrate(target[key]);
    return target;
  }

  #untag({ [TAG]: name, v }: { $: unknown; v: unknown }): unknown {
    const coder = typeof name === 'string' ? (this.#byName.get(name) ?? temporalCoder(name)) : undefined;
    if (!coder)
      throw new LiveError('STATE_OUTDATED', `A stored state needs a coder named "${String(name)}", which is gone.`);
    const data = this.#hydrate(v);
    try {
      return coder.decode(data);
    } catch (cause) {
      throw new LiveError('STATE_OUTDATED', `The state coder "${coder.name}" could not read a stored value.`, {
        cause,
      });
    }
  }
}
