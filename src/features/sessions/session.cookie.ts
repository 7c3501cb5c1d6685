import type { IncomingHttpHeaders } from 'node:http';

import { Inject, Injectable } from '@nestjs/common';

import { cookieLine, cookieName, openCookie, writeCookie } from '../../protocol/cookie.js';
import { SignedValues } from '../../state/signed-value.js';
import { SESSION_SETTINGS, type SessionSettings } from './session.options.js';

/** Holds the session's id and its signature; the anonymous caller's cookie is another one. */
export const LOGIN_COOKIE = 'nest_live_session';

/** A request of Express or Fastify, or the raw one. */
interface Requested {
  readonly headers?: IncomingHttpHeaders;
  readonly socket?: { readonly encrypted?: boolean };
}

/** The one place a session id comes from: a signed first-party cookie, never an address or a body. */
@Injectable()
export class SessionCookie {
  constructor(
    private readonly values: SignedValues,
    @Inject(SESSION_SETTINGS) private readonly settings: SessionSettings,
  ) {}

  /** The session id, if it was signed by us. */
  read(request: object): string | null {
    const { headers } = request as Requested;
    return openCookie(headers?.cookie, this.nameFor(request), (value) => this.values.openValue(value, 'sid'));
  }

  set(request: object, response: object, id: string): void {
    this.write(request, response, { value: this.values.signValue(id, 'sid') });
  }

  clear(request: object, response: object): void {
    this.write(request, response, { value: '', maxAge: 0 });
  }

  private write(
    request: object,
    response: object,
    { value, maxAge }: { readonly value: string; readonly maxAge?: number },
  ): void {
    const secure = this.isSecure(request);
    writeCookie(response, cookieLine(this.nameFor(request), value, { secure, maxAge }));
  }

  private nameFor(request: object): string {
    return cookieName(LOGIN_COOKIE, { secure: this.isSecure(request) });
  }

  private isSecure({ socket, headers }: Requested): boolean {
    const proto = this.settings.trustProxy ? headers?.['x-forwarded-proto'] : undefined;
    return typeof proto === 'string'
      ? proto.split(',')[0].trim().toLowerCase() === 'https'
      : socket?.encrypted === true;
  }
}
