import { setTimeout as pause } from 'node:timers/promises';

const TRIES = 40;
const PAUSE_MS = 250;

/** The code of a node whose event loop is late: loading a test's own modules is enough for that. */
export const BUSY = 'OVERLOADED';

/** Asks again for a while, as a browser does, when the server says that it is too busy to begin anything. */
export const unlessBusy = async <T>(ask: () => Promise<T>, isBusy: (answer: T) => boolean): Promise<T> => {
  for (let tries = 1; ; tries += 1) {
    const answer = await ask();
    if (!isBusy(answer) || tries >= TRIES) {
      return answer;
    }
    await pause(PAUSE_MS);
  }
};
