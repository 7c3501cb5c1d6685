import { randomBytes } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import { LiveError } from '../errors/live-error.js';
import { isSamePrincipal, LiveCaller, type CallerInit } from '../lifecycle/caller/caller.js';
import {
  CallerResolver,
  RequestUserResolver,
  userOn,
  type CallerRequest,
} from '../lifecycle/caller/caller-resolver.js';
import type { Recognition } from '../lifecycle/caller/recognition.js';
import { ClientAddress } from '../protocol/client-address.js';
import { cookieLine, cookieName, openCookie } from '../protocol/cookie.js';
import { networkOf } from '../protocol/network.js';
import { wholeRequest } from '../protocol/request-in-waiting.js';
import { after, type Soon } from '../protocol/soon.js';
import { SignedValues, type SignedValue } from '../state/signed-value.js';
import { NamelessCallers } from './nameless.callers.js';
import { OriginPolicy } from './origin.policy.js';

export const SESSION_COOKIE = 'nest_live';

export interface Intake {
  readonly caller: LiveCaller;
  /** An anonymous caller's new cookie, to be set with the answer. */
  readonly setCookie?: string;
  /** Where guards decide who asks: who is on the request now, or on one made of it. */
  readonly who?: Recognition['who'];
}

/** Finds out who is asking: the application's resolver for the user, a signed first-party cookie for the session. */
@Injectable()
export class CallerIntake {
  private readonly byRequest = new WeakMap<object, Soon<Intake>>();
  private readonly strangers = new NamelessCallers();

  constructor(
    private readonly resolver: CallerResolver,
    private readonly values: SignedValues,
    private readonly address: ClientAddress,
    private readonly origins: OriginPolicy,
  ) {}

  /** One answer per request, however many components its page holds; unless its guards have found somebody since. */
  of(request: CallerRequest): Soon<Intake> {
    let intake = this.byRequest.get(request);
    if (!intake) {
      intake = after(this.resolver.resolve(request), (resolved) => this.lend(request, this.resolve(request, resolved)));
      this.byRequest.set(request, intake);
    }
    return after(intake, ({ caller: first, setCookie, who }) => {
      const caller = who?.(request) ?? first;
      return { caller, who, setCookie: caller.sessionId === first.sessionId ? setCookie : undefined };
    });
  }

  /** Nobody asks again for a request that stays: a socket keeps who it has found itself. */
  forget(request: object): void {
    this.byRequest.delete(request);
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
    const renewed =
      now &&
      callerOf(now, {
        sessionId:
          sessionOf(now, this.cookieOf(request, this.origins.isSecureRequest(request))?.value) ?? caller.sessionId,
        isNew: caller.isNew,
        address: caller.owner.address,
      });
    if (!renewed || !isSamePrincipal(renewed, caller)) {
      throw new LiveError('SESSION_REVOKED', 'the resolver no longer knows this caller');
    }
    return renewed;
  }

  private resolve(request: CallerRequest, resolved: CallerInit): Intake {
    const address = this.networkOf(request);
    const isSecure = this.origins.isSecureRequest(request);
    return (
      (saysNothing(resolved) ? this.nameless(request, resolved, { address, isSecure }) : undefined) ??
      this.meet(request, resolved, { address, isSecure })
    );
  }

  /** Nobody but a cookie of ours: whoever comes with the same one from the same network is the same caller. */
  private nameless(request: CallerRequest, resolved: CallerInit, { address = '', isSecure }: Way): Intake | undefined {
    const { cookie } = request.headers;
    if (typeof cookie !== 'string') {
      return undefined;
    }
    const how = `${isSecure ? 's' : 'p'}${address} ${cookie}`;
    let known = this.strangers.get(how);
    if (!known || !this.values.stands(known.signed)) {
      const signed = this.cookieOf(request, isSecure);
      if (signed === null) {
        return undefined;
      }
      const found = { sessionId: signed.value, isNew: false, address: address === '' ? undefined : address };
      known = { signed, caller: callerOf(resolved, found) };
      this.strangers.add(how, known);
    }
    const { caller } = known;
    const { sessionId } = caller;
    const names = { known: sessionId, nobody: sessionId, address: caller.owner.address };
    return { caller, who: this.watching(resolved, caller, names) };
  }

  private meet(request: CallerRequest, resolved: CallerInit, { address, isSecure: secure }: Way): Intake {
    const known = this.cookieOf(request, secure)?.value;
    const isNobody = resolved.user === undefined || resolved.user === null;
    const session = sessionOf(resolved, known);
    const sessionId = session ?? randomBytes(16).toString('base64url');
    const isNew = session === undefined;
    const caller = callerOf(resolved, { sessionId, isNew, address });
    const who = this.watching(resolved, caller, { known, nobody: isNobody ? sessionId : undefined, address });
    if (session !== undefined) {
      return { caller, who };
    }
    const value = this.values.signValue(sessionId, 'sid');
    const setCookie = cookieLine(cookieName(SESSION_COOKIE, { secure }), value, { secure });
    return { caller, who, setCookie };
  }

  private cookieOf(request: CallerRequest, secure: boolean): SignedValue | null {
    return openCookie(request.headers.cookie, cookieName(SESSION_COOKIE, { secure }), (value) =>
      this.values.openSigned(value, 'sid'),
    );
  }

  private networkOf(request: CallerRequest): string | undefined {
    const address = this.address.of(request);
    return address === undefined ? undefined : networkOf(address);
  }

  /** The default resolver, or one made of it, says who is on a request whenever it is asked. */
  private watching(first: CallerInit, caller: LiveCaller, names: SessionNames): Intake['who'] {
    const { resolver } = this;
    if (!(resolver instanceof RequestUserResolver)) {
      return undefined;
    }
    let newest = { init: first, caller };
    // The default one asks for the user alone: nothing has to be made for it.
    const isPlain = resolver.resolve === RequestUserResolver.prototype.resolve;
    return (request) => {
      if (isPlain && userOn(request) === newest.init.user) return newest.caller;
      const init = resolver.resolve((isPlain ? request : wholeRequest(request)) as CallerRequest);
      if (!isSameAnswer(init, newest.init)) {
        const isNobody = init.user === undefined || init.user === null;
        const nameless = isNobody ? (names.nobody ??= randomBytes(16).toString('base64url')) : '';
        const known = init.sessionId ?? names.known;
        const found = { sessionId: known ?? nameless, isNew: isNobody && known === undefined, address: names.address };
        newest = { init, caller: callerOf(init, found) };
      }
      return newest.caller;
    };
  }
}

/** How a request has come. */
interface Way {
  readonly address?: string;
  readonly isSecure: boolean;
}

/** Undefined for nobody without our cookie: a signed-in caller without it is named by its user. */
const sessionOf = ({ sessionId, user }: CallerInit, cookie: string | undefined): string | undefined =>
  sessionId ?? cookie ?? (user === undefined || user === null ? undefined : '');

/** Of the cookie that came along, and of somebody without it who is nobody. */
interface SessionNames {
  readonly known?: string;
  nobody?: string;
  readonly address?: string;
}

const isSameAnswer = (one: CallerInit, other: CallerInit): boolean => saysAll(one, other) && saysAll(other, one);

const saysAll = (one: CallerInit, other: CallerInit): boolean =>
  namesOf(one).every((name) => one[name] === other[name]);

const saysNothing = (init: CallerInit): boolean =>
  namesOf(init).every((name) => init[name] === undefined || init[name] === null);

const namesOf = (init: CallerInit): readonly (keyof CallerInit)[] => Object.keys(init) as (keyof CallerInit)[];

interface Found {
  readonly sessionId: string;
  readonly isNew: boolean;
  readonly address?: string;
}

const callerOf = (
  { user, id, roles, permissions, isStaff, isSuperuser, isLogin, tenant, sessionId: given }: CallerInit,
  { sessionId, isNew, address }: Found,
): LiveCaller =>
  new LiveCaller(
    {
      user,
      id,
      roles,
      permissions,
      isStaff,
      isSuperuser,
      isLogin,
      tenant,
      sessionId,
      isSessionGiven: given !== undefined,
      isNew,
    },
    address,
  );
