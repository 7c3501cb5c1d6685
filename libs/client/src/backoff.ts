/** Full jitter: anywhere between now and 0.5 s doubled per attempt, at most 10 s. In milliseconds. */
export const backoff = (attempt: number, random = Math.random): number =>
  random() * Math.min(10_000, 500 * 2 ** attempt);
