import type { Commands } from './measured.js';

/** Far from what clicks reach. */
const FIRST = 1_000_000;

/** The command `push`: tells everybody the next count. The clock is the machine's, so that another process can compare. */
export const announceCounts = (tell: (count: number) => unknown): Commands => {
  let count = FIRST;
  return {
    push: async () => {
      count += 1;
      const at = Number(process.hrtime.bigint() / 1_000n);
      await tell(count);
      return { at, count };
    },
  };
};
