/** Begins a tagged value: an object with this key is written as one. */
export const TAG = '$';
const FAST_DEPTH = 32;

/** Whether `JSON.stringify` alone keeps the value, and `JSON.parse` alone brings it back. */
export const isPlainJson = (value: unknown, depth: number): boolean => {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value) && (value !== 0 || 1 / value > 0);
    case 'object':
      return value === null || (depth < FAST_DEPTH && isPlainContainer(value, depth));
    default:
      return false;
  }
};

const isPlainContainer = (value: object, depth: number): boolean => {
  if (Array.isArray(value)) {
    if (Object.getPrototypeOf(value) !== Array.prototype) return false;
    for (let index = 0; index < value.length; index++) if (!isPlainJson(value[index], depth + 1)) return false;
    return hasItemsAlone(value);
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  for (const key of Object.keys(value)) {
    if (key === TAG || !isPlainJson((value as Record<string, unknown>)[key], depth + 1)) return false;
  }
  return Object.getOwnPropertySymbols(value).length === 0;
};

/** No holes, and no keys that JSON does not write. They are counted by values: an engine would make a text of each number. */
export const hasItemsAlone = (list: readonly unknown[]): boolean =>
  Object.values(list).length === list.length && Object.getOwnPropertySymbols(list).length === 0;
