/** Where `@RequirePermissions()` leaves what is needed. */
export const PERMISSIONS = 'nest-live:permissions';
