/** What is there now, or comes later: whoever goes on at once where it is there costs the event no turn of the loop. */
export type Soon<T> = T | Promise<T>;

/*
 * What goes on is handed `about`: one function for all events instead of one made for each, and a closure that is not there
 * needs no collector. Whoever needs none leaves it out.
 */

type Next<T, A, R> = (value: T, about: A) => Soon<R>;

/** By what it can do: a query builder is waited for as well as a promise is. */
export const isLater = <T>(value: Soon<T>): value is Promise<T> =>
  ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
  typeof (value as Partial<Promise<T>>).then === 'function';

/** Goes on with the value: at once, or when it has come. */
export function after<T, R>(value: Soon<T>, next: (value: T) => Soon<R>): Soon<R>;
export function after<T, A, R>(value: Soon<T>, next: Next<T, A, R>, about: A): Soon<R>;
export function after<T, A, R>(value: Soon<T>, next: Next<T, A | undefined, R>, about?: A): Soon<R> {
  return isLater(value) ? later(value, next, about) : next(value, about);
}

/** `try` and `catch` around work that may end now or later. */
export function caught<T, R>(work: () => Soon<T>, failed: (error: unknown) => Soon<R>): Soon<T | R>;
export function caught<T, A, R>(work: (about: A) => Soon<T>, failed: Next<unknown, A, R>, about: A): Soon<T | R>;
export function caught<T, A, R>(
  work: (about?: A) => Soon<T>,
  failed: Next<unknown, A | undefined, R>,
  about?: A,
): Soon<T | R> {
  let value: Soon<T>;
  try {
    value = work(about);
  } catch (error) {
    return failed(error, about);
  }
  return isLater(value) ? caughtLater(value, failed, about) : value;
}

/** One after the other, each when the one before has ended. */
export const inTurn = <T, A>(
  list: readonly T[],
  each: (one: T, about: A) => unknown,
  about: A,
  from = 0,
): Soon<void> => {
  for (let at = from; at < list.length; at += 1) {
    const value = each(list[at], about);
    if (isLater(value)) {
      return later(value, rest, { list, each, about, from: at + 1 });
    }
  }
};

interface Rest<T, A> {
  readonly list: readonly T[];
  readonly each: (one: T, about: A) => unknown;
  readonly about: A;
  readonly from: number;
}

const rest = <T, A>(_: unknown, { list, each, about, from }: Rest<T, A>): Soon<void> => inTurn(list, each, about, from);

// Apart from their callers: a function that makes a closure on any of its ways pays for it on all of them.
const later = <T, A, R>(value: Promise<T>, next: Next<T, A, R>, about: A): Promise<R> =>
  Promise.resolve(value).then((it) => next(it, about));

const caughtLater = <T, A, R>(value: Promise<T>, failed: Next<unknown, A, R>, about: A): Promise<T | R> =>
  Promise.resolve(value).catch((error: unknown) => failed(error, about));
