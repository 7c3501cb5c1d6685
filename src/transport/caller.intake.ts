import { randomBytes } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import { LiveCaller } from '../lifecycle/caller.js';
import { CallerResolver, type CallerRequest } from '../lifecycle/caller-resolver.js';
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
  private readonly byRequest = new WeakMap<object, Promise<Intake>>();

  constructor(
    private readonly resolver: CallerResolver,
    private readonly values: SignedValues,
  ) {}

  /** One answer per request, however many components its page holds. */
  of(request: CallerRequest, { secure }: { readonly secure: boolean }): Promise<Intake> {
    let intake = this.byRequest.get(request);
    if (!intake) {
      intake = this.resolve(request, secure ? '; Secure' : '');
      this.byRequest.set(request, intake);
    }
    return intake;
  }

  private async resolve(request: CallerRequest, secure: string): Promise<Intake> {
    const resolved = await this.resolver.resolve(request);
    const known = this.values.openValue(readCookie(request.headers.cookie), 'sid');
    const session = resolved.sessionId ?? known;
    if (session !== null && session !== undefined) {
      return { caller: new LiveCaller({ ...resolved, sessionId: session }) };
    }
    // A signed-in caller without our cookie is named by its user; only nobody needs a name of ours.
    if (resolved.user !== undefined && resolved.user !== null) {
      return { caller: new LiveCaller({ ...resolved, sessionId: '' }) };
    }
    const sessionId = randomBytes(16).toString('base64url');
    const value = this.values.signValue(sessionId, 'sid');
    return {
      caller: new LiveCaller({ ...resolved, sessionId }),
      setCookie: `${SESSION_COOKIE}=${value}; Path=/; HttpOnly; SameSite=Lax${secure}`,
    };
  }
}

const readCookie = (header: string | string[] | undefined): string | undefined => {
  const text = Array.isArray(header) ? header.join('; ') : header;
  if (text === undefined || !text.includes(SESSION_COOKIE)) {
    return undefined;
  }
  for (const pair of text.split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === SESSION_COOKIE) {
      return value;
    }
  }
  return undefined;
};
