/** Full jitter: anywhere between now and 0.5 s doubled per attempt, at most 10 s. In milliseconds. */
// eslint-disable-next-line no-restricted-syntax -- jitter is no secret
export const backoff = (attempt: number): number => Math.random() * Math.min(10_000, 500 * 2 ** attempt);
