import { Inject, Injectable } from '@nestjs/common';

import { SessionStore, type CreateSession, type SessionRecord } from '../../sessions/session-store.js';
import { Revocation } from './revocation.js';
import { SessionCookie } from './session.cookie.js';
import { SESSION_SETTINGS, type SessionSettings } from './session.options.js';

/** Who signs in; checking a password is the application's own. */
export type Login = Pick<CreateSession, 'userId' | 'roles' | 'data'>;

/**
 * Logins for an application that has none of its own: what a controller calls after it has checked a password. Reads
 * them back with `forRoot({ callerResolver: SessionCallerResolver })`.
 */
@Injectable()
export class Sessions {
  constructor(
    private readonly store: SessionStore,
    private readonly cookie: SessionCookie,
    private readonly revocation: Revocation,
    @Inject(SESSION_SETTINGS) private readonly settings: SessionSettings,
  ) {}

  /** Begins a session under a new id and ends the one the browser had. Redirect afterwards: tokens are the caller's. */
  async signIn(request: object, response: object, login: Login): Promise<SessionRecord> {
    await this.endOwn(request);
    const session = await this.store.create({ ...login, ttlMs: this.settings.ttlMs });
    this.cookie.set(request, response, session.id);
    return session;
  }

  /** Ends the browser's session, in all its tabs and on all nodes. */
  async signOut(request: object, response: object): Promise<void> {
    this.cookie.clear(request, response);
    await this.endOwn(request);
  }

  /** The session of the browser that asks, if it has one. */
  async of(request: object): Promise<SessionRecord | null> {
    const id = this.idOf(request);
    return id === null ? null : this.store.get(id);
  }

  /** Living sessions of a user, oldest first. */
  list(userId: string): Promise<readonly SessionRecord[]> {
    return this.store.list(userId);
  }

  /** Ends one session, wherever it is. @returns whether there was one */
  async end(id: string): Promise<boolean> {
    const ended = await this.store.delete(id);
    await this.revocation.revoke({ sessionId: id });
    return ended;
  }

  /** Ends every session of a user: sign out everywhere, a changed password, a ban. @returns how many there were */
  async endAll(userId: string): Promise<number> {
    const ended = await this.store.deleteAll(userId);
    await this.revocation.revoke({ userId });
    return ended;
  }

  /**
   * Gives the user's sessions these roles. Where one is taken away, what the user has open ends as at a logout and the
   * login stays; a role that is only added counts from the next event on.
   */
  async changeRoles(userId: string, roles: readonly string[]): Promise<void> {
    const before = await this.store.list(userId);
    for (const { id } of before) {
      await this.store.update(id, { roles });
    }
    if (before.some((session) => session.roles.some((role) => !roles.includes(role)))) {
      await this.revocation.revoke({ userId });
    }
  }

  private async endOwn(request: object): Promise<void> {
    const id = this.idOf(request);
    if (id !== null) {
      await this.end(id);
    }
  }

  private idOf(request: object): string | null {
    return this.cookie.read(request);
  }
}
