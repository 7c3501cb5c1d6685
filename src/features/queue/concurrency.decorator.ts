/** Where `@Concurrency()` leaves what becomes of an event that is asked for while one like it is under way. */
export const CONCURRENCY = 'nest-live:concurrency';

/**
 * `queue`: each one counts, in order. `latest`: only the newest waits, the others before it give way. `drop`: nothing
 * happens until the one under way is answered.
 */
export type ConcurrencyMode = 'queue' | 'latest' | 'drop';

/**
 * Says what becomes of this event when the page asks for it while it is still under way. The page decides it, before
 * anything is sent: what has been sent always counts. Without this decorator: `queue`.
 */
export const Concurrency =
  (mode: ConcurrencyMode): MethodDecorator =>
  (_prototype, _method, descriptor) =>
    Reflect.defineMetadata(CONCURRENCY, mode, descriptor.value as object);
