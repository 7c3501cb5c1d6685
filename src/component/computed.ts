const MEMO = Symbol('nest-live:computed');

interface Memoising {
  [MEMO]?: Map<string, unknown>;
}

/** Wraps a getter so that it runs once while its component is being rendered, and as usual outside a render. */
export const memoised = <T>(name: string, descriptor: TypedPropertyDescriptor<T>): TypedPropertyDescriptor<T> => {
  const read = descriptor.get;
  if (!read) {
    throw new TypeError(`@Computed() belongs on a getter: write "get ${name}()".`);
  }
  return {
    ...descriptor,
    get(this: Memoising) {
      const memo = this[MEMO];
      if (!memo) {
        return read.call(this);
      }
      if (!memo.has(name)) {
        memo.set(name, read.call(this));
      }
      return memo.get(name) as T;
    },
  };
};

/** Runs `render` with every `@Computed()` getter of the component evaluated at most once. */
export const whileMemoising = <R>(component: object, render: () => R): R => {
  const target = component as Memoising;
  target[MEMO] = new Map();
  try {
    return render();
  } finally {
    delete target[MEMO];
  }
};
