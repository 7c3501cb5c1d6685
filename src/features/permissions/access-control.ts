import { Injectable } from '@nestjs/common';

import type { LiveCaller } from '../../lifecycle/caller/caller.js';
import { askStore } from '../../lifecycle/instance/store-call.js';
import { ANONYMOUS, covers, EVERYTHING, Roles } from '../../sessions/roles.js';
import { SessionStore } from '../../sessions/session-store.js';

/** Who may do what: permissions of the caller's own, of its roles, and granted on one thing. The guards ask here. */
@Injectable()
export class AccessControl {
  private readonly held = new WeakMap<LiveCaller, readonly string[]>();

  constructor(
    private readonly roles: Roles,
    private readonly store: SessionStore,
  ) {}

  /**
   * @param who a caller, or the id of a session; one that has ended may do nothing
   * @param resource what it is about, as named in `SessionStore.grant`: `order:17`
   */
  async permits(who: LiveCaller | string, permission: string, resource?: string): Promise<boolean> {
    if (typeof who !== 'string') {
      return this.holds(who, permission) || this.isGranted(who.isAuthenticated ? who.id : '', permission, resource);
    }
    const session = await askStore(() => this.store.get(who));
    if (!session) {
      return false;
    }
    const own = this.roles.permissionsOf(session.roles);
    return covers(own, permission) || this.isGranted(session.userId, permission, resource);
  }

  /** Signed in, and holds `*`: called a superuser by its resolver, or by a role such as `admin`. */
  holdsEverything(caller: LiveCaller): boolean {
    return caller.isAuthenticated && this.holds(caller, EVERYTHING);
  }

  /** What the caller may do on everything: what its resolver said together with what its roles give. */
  holds(caller: LiveCaller, permission: string): boolean {
    return covers(this.permissionsOf(caller), permission);
  }

  private permissionsOf(caller: LiveCaller): readonly string[] {
    let held = this.held.get(caller);
    if (!held) {
      const roles = caller.isAuthenticated ? caller.roles : [ANONYMOUS, ...caller.roles];
      const everything = caller.isSuperuser ? [EVERYTHING] : [];
      held = [...everything, ...caller.permissions, ...this.roles.permissionsOf(roles)];
      this.held.set(caller, held);
    }
    return held;
  }

  private async isGranted(userId: string, permission: string, resource?: string): Promise<boolean> {
    if (resource === undefined || userId === '') {
      return false;
    }
    return covers(await askStore(() => this.store.grantsOn(userId, resource)), permission);
  }
}
