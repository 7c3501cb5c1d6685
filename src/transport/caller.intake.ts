import { randomBytes } from 'node:crypto';

import { Injectable, Logger } from '@nestjs/common';

import { LiveError } from '../errors/live-error.js';
import { LiveCaller, type CallerInit } from '../lifecycle/caller.js';
import { CallerResolver, RequestUserResolver, type CallerRequest } from '../lifecycle/caller-resolver.js';
import { ClientAddress } from '../protocol/client-address.js';
import { cookieLine, readCookie } from '../protocol/cookie.js';
import { networkOf } from '../protocol/network.js';
import { SignedValues } from '../state/signed-value.js';

export const SESSION_COOKIE = 'nest_live';

export interface Intake {
  readonly caller: LiveCaller;
  /** An anonymous caller's new cookie, to be set with the answer. */
  readonly setCookie?: string;
}

/** Finds out who is asking: the application's resolver for the user, a signed first-party cookie for the session. */
@Injectable()
export class CallerIntake {
  private readonly logger = new Logger('Live');
  private readonly byRequest = new WeakMap<object, Promise<Intake>>();
  private hinted = false;

  constructor(
    private readonly resolver: CallerResolver,
    private readonly values: SignedValues,
    private readonly address: ClientAddress,
  ) {}

  /** One answer per request, however many components its page holds. */
  of(request: CallerRequest, { secure }: { readonly secure: boolean }): Promise<Intake> {
    let intake = this.byRequest.get(request);
    if (!intake) {
      intake = this.resolve(request, secure).then((found) => this.lend(request, found));
      this.byRequest.set(request, intake);
    }
    return intake;
  }

  /** Guards written for HTTP look on the request for who is there and from where; a handshake has had no framework. */
  private lend(request: CallerRequest & { user?: unknown; ip?: unknown }, intake: Intake): Intake {
    if (request.user === undefined && intake.caller.isAuthenticated) {
      request.user = intake.caller.user;
    }
    if (!('ip' in request)) {
      request.ip = this.address.shown(request);
    }
    return intake;
  }

  /** The caller of a socket as of now. @throws LiveError `SESSION_REVOKED` when the login is over or somebody else's */
  recheck(caller: LiveCaller, request: CallerRequest): LiveCaller | Promise<LiveCaller> {
    const now = this.resolver.recheck(caller, request);
    return now === caller ? caller : this.renew(caller, request, now);
  }

  private async renew(
    caller: LiveCaller,
    request: CallerRequest,
    asked: ReturnType<CallerResolver['recheck']>,
  ): Promise<LiveCaller> {
    const now = await asked;
    if (now === caller) {
      return caller;
    }
    const renewed = now && callerOf(now, this.sessionOf(now, request) ?? caller.sessionId, caller.owner.address);
    if (!renewed || !isSame(renewed, caller)) {
      throw new LiveError('SESSION_REVOKED', 'the resolver no longer knows this caller');
    }
    return renewed;
  }

  private async resolve(request: CallerRequest, secure: boolean): Promise<Intake> {
    const resolved = await this.resolver.resolve(request);
    this.hintAtSockets(request, resolved);
    const session = this.sessionOf(resolved, request);
    const address = this.networkOf(request);
    if (session !== undefined) {
      return { caller: callerOf(resolved, session, address) };
    }
    const sessionId = randomBytes(16).toString('base64url');
    const value = this.values.signValue(sessionId, 'sid');
    return {
      caller: callerOf(resolved, sessionId, address),
      setCookie: cookieLine(SESSION_COOKIE, value, { secure }),
    };
  }

  /** Undefined for nobody without our cookie: a signed-in caller without it is named by its user. */
  private sessionOf({ sessionId, user }: CallerInit, { headers }: CallerRequest): string | undefined {
    const known = sessionId ?? this.values.openValue(readCookie(headers.cookie, SESSION_COOKIE), 'sid');
    return known ?? (user === undefined || user === null ? undefined : '');
  }

  private networkOf(request: CallerRequest): string | undefined {
    const address = this.address.of(request);
    return address === undefined ? undefined : networkOf(address);
  }

  // Middleware has put a user on an HTTP request; on a socket no middleware runs, and the page's tokens would not fit.
  private hintAtSockets({ user }: CallerRequest, resolved: CallerInit): void {
    if (this.hinted || !(this.resolver instanceof RequestUserResolver) || !user || resolved.user !== user) {
      return;
    }
    this.hinted = true;
    this.logger.warn(
      'A request has a user, but sockets run no HTTP middleware: signed-in pages fall back to a new mount there. ' +
        'Give forRoot({ callerResolver }) a class that finds the user from cookies or headers.',
    );
  }
}

/** Rights may change under an open connection; whoever it belongs to may not. */
const isSame = (one: LiveCaller, other: LiveCaller): boolean =>
  one.id === other.id &&
  one.sessionId === other.sessionId &&
  one.tenant === other.tenant &&
  one.isAuthenticated === other.isAuthenticated &&
  one.isLogin === other.isLogin;

const callerOf = (
  { user, id, roles, permissions, isStaff, isSuperuser, isLogin, tenant }: CallerInit,
  sessionId: string,
  address: string | undefined,
): LiveCaller =>
  new LiveCaller({ user, id, roles, permissions, isStaff, isSuperuser, isLogin, tenant, sessionId }, address);
