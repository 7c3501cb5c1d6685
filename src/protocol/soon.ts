/** What is there now, or comes later: whoever goes on at once where it is there costs the event no turn of the loop. */
export type Soon<T> = T | Promise<T>;

/** By what it can do: a query builder is waited for as well as a promise is. */
export const isLater = <T>(value: Soon<T>): value is Promise<T> =>
  ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
  typeof (value as Partial<Promise<T>>).then === 'function';

/** Goes on with the value: at once, or when it has come. */
export const after = <T, R>(value: Soon<T>, next: (value: T) => Soon<R>): Soon<R> =>
  isLater(value) ? Promise.resolve(value).then(next) : next(value);

/** `try` and `catch` around work that may end now or later. */
export const caught = <T, R>(work: () => Soon<T>, failed: (error: unknown) => Soon<R>): Soon<T | R> => {
  let value: Soon<T>;
  try {
    value = work();
  } catch (error) {
    return failed(error);
  }
  return isLater(value) ? Promise.resolve(value).catch(failed) : value;
};

/** `try` and `finally` around work that may end now or later. */
export const ended = <T>(work: () => Soon<T>, over: () => void): Soon<T> => {
  let value: Soon<T> | undefined;
  try {
    value = work();
    return isLater(value) ? Promise.resolve(value).finally(over) : value;
  } finally {
    if (!isLater(value)) over();
  }
};

/** One after the other, each when the one before has ended; `about` what is handed on to each. */
export const inTurn = <T, A>(
  list: readonly T[],
  each: (one: T, about: A) => Soon<void>,
  about: A,
  from = 0,
): Soon<void> => {
  for (let at = from; at < list.length; at += 1) {
    const value = each(list[at], about);
    if (isLater(value)) {
      return Promise.resolve(value).then(() => inTurn(list, each, about, at + 1));
    }
  }
};
