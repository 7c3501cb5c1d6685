import { SetMetadata } from '@nestjs/common';
import { GUARDS_METADATA } from '@nestjs/common/constants.js';

import type { LiveContext } from '../../lifecycle/context/live.context.js';

/** Where `@RequirePermissions()` leaves what is needed. */
export const PERMISSIONS = 'nest-live:permissions';

/** Left on a guard that says who may come in, so that the default policy is not asked beside it. */
const DECIDES = 'nest-live:decides-access';

/**
 * On a guard of your own: it says who may come in, so that `defaultPolicy` is not asked where it stands. Without it the
 * policy is asked as well, because most guards say something else: a limit, an office hour, a feature switch.
 */
export const DecidesAccess = (): ClassDecorator => SetMetadata(DECIDES, true);

/** Whether a guard for somebody to come in stands on a class or a handler. */
export const saysWhoMayEnter = (subject: object): boolean => {
  const guards = (Reflect.getMetadata(GUARDS_METADATA, subject) ?? []) as readonly object[];
  return guards.some((guard) => Reflect.hasMetadata(DECIDES, typeof guard === 'function' ? guard : guard.constructor));
};

/** Names the one thing an interaction is about, as in `SessionStore.grant`: `order:17`. */
export type ResourceOf = (live: LiveContext) => string;

export interface Requirement {
  readonly permission: string;
  readonly resource?: ResourceOf;
}
