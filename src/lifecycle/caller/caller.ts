import type { Owner } from '../../budgets/budget.js';

/** What a `CallerResolver` answers; everything but the user is optional. */
export interface CallerInit {
  /** The application's own user object; null or undefined for an anonymous caller. */
  readonly user?: unknown;
  /** Stable id of the user. @default `user.id`, `user.sub` or `user.username` */
  readonly id?: string;
  /** @default `user.roles` */
  readonly roles?: Iterable<string>;
  /** @default `user.permissions` */
  readonly permissions?: Iterable<string>;
  /** @default `user.isStaff`, or the role `staff` */
  readonly isStaff?: boolean;
  /** May do everything. @default `user.isSuperuser` */
  readonly isSuperuser?: boolean;
  /** Identity of the login. @default the first-party cookie's */
  readonly sessionId?: string;
  /** `sessionId` names a login of the `SessionStore`: what it keeps ends with it. @default false */
  readonly isLogin?: boolean;
  readonly tenant?: string;
}

interface SessionInit extends CallerInit {
  readonly sessionId: string;
  readonly isSessionGiven?: boolean;
  readonly isNew?: boolean;
}

/** Who caused an interaction. Tokens are bound to `id` and `sessionId`. */
export class LiveCaller {
  readonly user: unknown;
  readonly id: string;
  readonly isStaff: boolean;
  readonly isSuperuser: boolean;
  readonly sessionId: string;
  readonly isLogin: boolean;
  /** The application has named the session; otherwise it is the one of our cookie. */
  readonly isSessionGiven: boolean;
  /** It came without any session: the next request without one is another caller. */
  readonly isNew: boolean;
  readonly tenant?: string;
  /** For whom counts what is kept for this caller. */
  readonly owner: Owner;

  // Made when somebody asks: most who have none are nobody, and there are many of these.
  private ownRoles?: ReadonlySet<string>;
  private ownPermissions?: ReadonlySet<string>;

  /** @param address network of the caller, where it is the caller's own */
  constructor(init: SessionInit, address?: string) {
    const user: UserShape | null = init.user ?? null;
    this.user = user;
    this.id = init.id ?? nameOf(user);
    this.ownRoles = setOf(init.roles ?? user?.roles);
    this.ownPermissions = setOf(init.permissions ?? user?.permissions);
    // Nobody is neither, whatever a resolver says; and of a user's own words only a plain `true` counts.
    this.isStaff = user !== null && (init.isStaff ?? (user.isStaff === true || this.roles.has('staff')));
    this.isSuperuser = user !== null && (init.isSuperuser ?? user.isSuperuser === true);
    this.sessionId = init.sessionId;
    this.isLogin = init.isLogin ?? false;
    this.isSessionGiven = init.isSessionGiven ?? false;
    this.isNew = init.isNew ?? false;
    this.tenant = init.tenant;
    this.owner = this.isAuthenticated
      ? { name: JSON.stringify([this.tenant, this.id || this.sessionId]), isStranger: false }
      : { name: this.sessionId, isStranger: true, address };
  }

  get roles(): ReadonlySet<string> {
    return (this.ownRoles ??= new Set());
  }

  get permissions(): ReadonlySet<string> {
    return (this.ownPermissions ??= new Set());
  }

  get isAuthenticated(): boolean {
    return this.user !== null;
  }
}

/** Whether two callers hold the same tokens. Rights may change under an open connection; whoever it belongs to may not. */
export const isSamePrincipal = (one: LiveCaller, other: LiveCaller): boolean =>
  one === other ||
  (one.id === other.id &&
    one.sessionId === other.sessionId &&
    one.tenant === other.tenant &&
    one.isAuthenticated === other.isAuthenticated &&
    one.isLogin === other.isLogin);

interface UserShape {
  readonly id?: unknown;
  readonly sub?: unknown;
  readonly username?: unknown;
  readonly roles?: Iterable<string>;
  readonly permissions?: Iterable<string>;
  readonly isStaff?: unknown;
  readonly isSuperuser?: unknown;
}

const setOf = (names: Iterable<string> | undefined): ReadonlySet<string> | undefined => names && new Set(names);

const nameOf = (user: UserShape | null): string => {
  const name = user?.id ?? user?.sub ?? user?.username;
  return typeof name === 'string' || typeof name === 'number' || typeof name === 'bigint' ? String(name) : '';
};
