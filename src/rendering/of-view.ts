/** A value of a view as plain data again: what a template hands on to a component is kept with it. */
export const ofView = (value: unknown, copies = new Map<unknown, unknown>()): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  const known = copies.get(value);
  if (known !== undefined) return known;
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    copies.set(value, list);
    for (const item of value) list.push(ofView(item, copies));
    return list;
  }
  if (value instanceof Map)
    return new Map([...value].map(([key, item]) => [ofView(key, copies), ofView(item, copies)]));
  if (value instanceof Set) return new Set([...value].map((item) => ofView(item, copies)));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return value;
  const data: Record<string, unknown> = {};
  copies.set(value, data);
  for (const [key, item] of Object.entries(value)) {
    Object.defineProperty(data, key, {
      value: ofView(item, copies),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return data;
};
