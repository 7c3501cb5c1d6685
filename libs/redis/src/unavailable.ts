import { LiveError } from 'nest-live';

/** What an adapter throws when Redis does not answer; a refusal of our own is passed on. */
export const unavailable = (error: unknown): LiveError =>
  error instanceof LiveError
    ? error
    : new LiveError('STORE_UNAVAILABLE', `Redis did not answer: ${(error as Error).message}`, {
        cause: error,
        retryAfterMs: 500,
      });

/** Asks Redis. @throws LiveError `STORE_UNAVAILABLE` */
export const ask = async <T>(question: () => Promise<T>): Promise<T> => {
  try {
    return await question();
  } catch (error) {
    throw unavailable(error);
  }
};

export const closed = (what: string): LiveError => new LiveError('STORE_UNAVAILABLE', `the ${what} is closed`);
