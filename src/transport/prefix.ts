/** Injection token of the path under which everything is served. */
export const PREFIX = Symbol('nest-live:prefix');
