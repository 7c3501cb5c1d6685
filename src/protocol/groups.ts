/** What stands under a key that mostly has one of them: a set is made for those that have more. */
export type Group<V extends string | object> = V | Several<V>;

class Several<V> extends Set<V> {}

type Groups<K, V extends string | object> = Map<K, Group<V>>;

export const addTo = <K, V extends string | object>(groups: Groups<K, V>, key: K, value: V): void => {
  const found = groups.get(key);
  if (found instanceof Several) found.add(value);
  else if (found === undefined) groups.set(key, value);
  else if (found !== value) groups.set(key, new Several([found, value]));
};

/** @returns whether that was the last one of its key */
export const takeFrom = <K, V extends string | object>(groups: Groups<K, V>, key: K, value: V): boolean => {
  const found = groups.get(key);
  if (!(found instanceof Several)) return found === value && groups.delete(key);
  found.delete(value);
  return found.size === 0 && groups.delete(key);
};

export const membersOf = <V extends string | object>(found: Group<V> | undefined): readonly V[] => {
  if (found === undefined) return [];
  return found instanceof Several ? [...found] : [found];
};

export const countOf = <V extends string | object>(found: Group<V> | undefined): number => {
  if (found === undefined) return 0;
  return found instanceof Several ? found.size : 1;
};

export const isAmong = <V extends string | object>(found: Group<V> | undefined, value: V): boolean =>
  found instanceof Several ? found.has(value) : found === value;

export const someOf = <V extends string | object>(found: Group<V> | undefined, is: (value: V) => boolean): boolean => {
  if (!(found instanceof Several)) return found !== undefined && is(found);
  for (const value of found) if (is(value)) return true;
  return false;
};
