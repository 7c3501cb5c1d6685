import type { LiveContext } from '../../lifecycle/live.context.js';

/** Where `@RequirePermissions()` leaves what is needed. */
export const PERMISSIONS = 'nest-live:permissions';

/** Names the one thing an interaction is about, as in `SessionStore.grant`: `order:17`. */
export type ResourceOf = (live: LiveContext) => string;

export interface Requirement {
  readonly permission: string;
  readonly resource?: ResourceOf;
}
