import type { Type } from '@nestjs/common';

/**
 * What a decorator of methods wrote under a key, by method, also of the classes it extends; a method that was written
 * anew has its own or none.
 */
export function markedMethods<Mark>(type: Type<object>, key: string): ReadonlyMap<string, Mark> {
  const found = new Map<string, Mark | undefined>();
  let level = type.prototype as object | null;
  // Nobody decorates what every object has.
  for (; level !== null && level !== Object.prototype; level = Object.getPrototypeOf(level) as object | null) {
    for (const name of Object.getOwnPropertyNames(level)) {
      const value: unknown = Object.getOwnPropertyDescriptor(level, name)?.value;
      if (typeof value !== 'function' || found.has(name)) continue;
      found.set(name, Reflect.getOwnMetadata(key, value) as Mark | undefined);
    }
  }
  for (const [name, mark] of found) if (mark === undefined) found.delete(name);
  return found as ReadonlyMap<string, Mark>;
}
