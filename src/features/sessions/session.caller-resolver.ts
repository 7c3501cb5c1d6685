import { Inject, Injectable } from '@nestjs/common';

import type { CallerInit, LiveCaller } from '../../lifecycle/caller/caller.js';
import { CallerResolver, type CallerRequest } from '../../lifecycle/caller/caller-resolver.js';
import { askStore } from '../../lifecycle/instance/store-call.js';
import { Roles } from '../../sessions/roles.js';
import { SessionStore, type SessionRecord } from '../../sessions/session-store.js';
import { SessionCookie } from './session.cookie.js';
import { SESSION_SETTINGS, type SessionSettings } from './session.options.js';

/**
 * The caller from a login made by `Sessions`: `forRoot({ callerResolver: SessionCallerResolver })`. Every message of a
 * socket asks the session store once whether the session lives and whether its user's generation is still the same.
 */
@Injectable()
export class SessionCallerResolver extends CallerResolver {
  /** The generation under which a user object was made. */
  private readonly generations = new WeakMap<object, number>();

  constructor(
    private readonly store: SessionStore,
    private readonly cookie: SessionCookie,
    private readonly roles: Roles,
    @Inject(SESSION_SETTINGS) private readonly settings: SessionSettings,
  ) {
    super();
  }

  async resolve(request: CallerRequest): Promise<CallerInit> {
    const id = this.cookie.read(request);
    const session = id === null ? null : await askStore(() => this.store.get(id));
    if (!session) {
      return {};
    }
    await this.prolong(session);
    return this.callerOf(session);
  }

  override recheck(caller: LiveCaller, _request: CallerRequest): CallerInit | null | Promise<CallerInit | null> {
    return caller.isAuthenticated ? this.revalidate(caller) : caller;
  }

  /** The user of a session, as handlers and guards see it. Override it to load your own. */
  protected userOf({ userId }: SessionRecord): object | Promise<object> {
    return { id: userId };
  }

  private async revalidate(caller: LiveCaller): Promise<CallerInit | null> {
    const { sessionId, user } = caller;
    const generation = await askStore(() => this.store.validate(sessionId));
    if (generation === null) {
      return null;
    }
    if (this.generations.get(user as object) === generation) {
      return caller;
    }
    const session = await askStore(() => this.store.get(sessionId));
    return session && this.callerOf(session);
  }

  /** A login in use does not end in the middle of it: past the half of its life it begins anew. */
  private async prolong({ id, expiresAt }: SessionRecord): Promise<void> {
    const { ttlMs } = this.settings;
    if (expiresAt - Date.now() < ttlMs / 2) {
      await askStore(() => this.store.refresh(id, ttlMs));
    }
  }

  private async callerOf(session: SessionRecord): Promise<CallerInit> {
    const user = await this.userOf(session);
    this.generations.set(user, session.generation);
    const { id: sessionId, userId: id, roles } = session;
    return { user, id, roles, permissions: this.roles.permissionsOf(roles), sessionId, isLogin: true };
  }
}
