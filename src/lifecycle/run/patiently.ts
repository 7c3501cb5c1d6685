import { setTimeout as wait } from 'node:timers/promises';

import { LiveError } from '../../errors/live-error.js';

/** Waits between tries while the store does not answer, in milliseconds: a short outage loses no message. */
const RETRY_MS = [100, 200, 400, 800, 1_600];

/** Tries again what the store has not answered. */
export const patiently = async <T>(task: () => Promise<T>): Promise<T> => {
  for (const ms of RETRY_MS) {
    try {
      return await task();
    } catch (error) {
      if (!(error instanceof LiveError) || error.code !== 'STORE_UNAVAILABLE') {
        throw error;
      }
      await wait(ms, undefined, { ref: false });
    }
  }
  return task();
};
