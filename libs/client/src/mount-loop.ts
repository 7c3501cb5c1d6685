const MINUTE_MS = 60_000;
const MOUNTS_PER_MINUTE = 3;

/** Tells at each mount whether it is one of too many: what does not help must not go on for ever. */
export const createMountLoop = (): (() => boolean) => {
  let mounts: readonly number[] = [];
  return () => {
    const now = performance.now();
    mounts = [now, ...mounts.filter((time) => time > now - MINUTE_MS)];
    return mounts.length > MOUNTS_PER_MINUTE;
  };
};
