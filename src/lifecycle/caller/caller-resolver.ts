import { Injectable } from '@nestjs/common';

import type { CallerInit, LiveCaller } from './caller.js';

/** The part of an HTTP request or socket handshake a resolver may rely on. */
export interface CallerRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Set by the application's own authentication middleware, where one ran. */
  readonly user?: unknown;
  readonly [key: string]: unknown;
}

/** From a request or a socket handshake to the caller. Runs before any message of a connection is read. */
export abstract class CallerResolver {
  abstract resolve(request: CallerRequest): CallerInit | Promise<CallerInit>;

  /**
   * Asked before each message of a socket: the caller as of now; null when the login is over. Asks `resolve` again
   * unless it is overridden, for example to look at a session's generation number only. Over HTTP each request is
   * resolved anyway.
   */
  recheck(_caller: LiveCaller, request: CallerRequest): CallerInit | null | Promise<CallerInit | null> {
    return this.resolve(request);
  }
}

/** Takes the user that the application's middleware put on the request. */
@Injectable()
export class RequestUserResolver extends CallerResolver {
  resolve(request: CallerRequest): CallerInit {
    return { user: userOn(request) };
  }

  /** A handshake request does not change. */
  override recheck(caller: LiveCaller): LiveCaller {
    return caller;
  }
}

/** Whom the application's middleware has left on a request. */
export const userOn = ({ user, raw }: { readonly user?: unknown; readonly raw?: unknown }): unknown =>
  // Nest's middleware on Fastify sees the raw request and leaves the user there.
  user ?? (raw as { user?: unknown } | undefined)?.user;
