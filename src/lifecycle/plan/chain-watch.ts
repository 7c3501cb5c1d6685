import type { ExternalContextCreator } from '@nestjs/core';

import type { Call } from './handler.js';

interface Watched {
  readonly creator: ExternalContextCreator;
  /** Whether it was asked, and has found nobody. */
  readonly isClear: () => boolean;
}

/** A creator that notices whether anybody stands before the method it makes a chain for. */
export const watched = (creator: ExternalContextCreator, guarded: Call['guarded']): Watched => {
  const internals = creator as unknown as Internals;
  const { interceptorsContextCreator } = internals;
  let interceptors: number | undefined;
  // Where it is not asked to look for guards, none stands there.
  let guards = guarded === 'guarded' ? undefined : 0;
  const watching = Object.create(creator, {
    interceptorsContextCreator: {
      value: Object.create(interceptorsContextCreator, {
        create: {
          value: (...args: unknown[]) => {
            const found = interceptorsContextCreator.create(...args);
            interceptors = found.length;
            return found;
          },
        },
      }) as Internals['interceptorsContextCreator'],
    },
    createGuardsFn: {
      value: (found: readonly unknown[], ...rest: unknown[]) => {
        guards = found.length;
        return internals.createGuardsFn(found, ...rest);
      },
    },
  }) as ExternalContextCreator;
  return { creator: watching, isClear: () => interceptors === 0 && guards === 0 };
};

/** Parts of Nest's creator that say what it has found. */
interface Internals {
  readonly interceptorsContextCreator: { create(...args: unknown[]): readonly unknown[] };
  createGuardsFn(guards: readonly unknown[], ...rest: unknown[]): unknown;
}
