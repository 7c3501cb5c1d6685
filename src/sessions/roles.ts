/** Permissions by role. A permission is written in segments (`orders:write`); see `covers` for `*`. */
export type RoleMap = Readonly<Record<string, readonly string[]>>;

/** The role of everybody who is not signed in. */
export const ANONYMOUS = 'anonymous';

/** The permission that includes all others. */
export const EVERYTHING = '*';

/** What the roles known by name give unless `forRoot({ roles })` says otherwise. */
export const DEFAULT_ROLES: RoleMap = Object.freeze({
  admin: [EVERYTHING],
  editor: ['read', 'write', '*:read', '*:write'],
  viewer: ['read', '*:read'],
  [ANONYMOUS]: [],
});

/**
 * Whether one of these permissions is or includes the needed one. `*` stands for one segment, and at the end for all
 * that follow: `orders:*` includes `orders:write` and `orders:items:write`, `*:read` includes `orders:read`.
 */
export const covers = (held: Iterable<string>, needed: string): boolean => {
  for (const permission of held) {
    if (permission === needed || (permission.includes('*') && matches(permission, needed))) {
      return true;
    }
  }
  return false;
};

const matches = (pattern: string, needed: string): boolean => {
  const wanted = pattern.split(':');
  const given = needed.split(':');
  const isOpen = wanted.at(-1) === '*';
  const fits = isOpen ? given.length >= wanted.length : given.length === wanted.length;
  return fits && wanted.every((segment, index) => segment === '*' || segment === given[index]);
};

/** What each role may do: the defaults, and over them the application's own. */
export class Roles {
  private readonly map: ReadonlyMap<string, readonly string[]>;

  constructor(own: RoleMap = {}) {
    // A map, because a role may be called "constructor".
    this.map = new Map(Object.entries({ ...DEFAULT_ROLES, ...own }));
  }

  /** Permissions of all these roles together; a role nobody has described gives none. */
  permissionsOf(roles: Iterable<string>): ReadonlySet<string> {
    return new Set([...roles].flatMap((role) => this.map.get(role) ?? []));
  }
}
