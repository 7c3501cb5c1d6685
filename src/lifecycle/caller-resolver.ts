import { Injectable } from '@nestjs/common';

import type { CallerInit } from './caller.js';

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
}

/** Takes the user that the application's middleware put on the request. */
@Injectable()
export class RequestUserResolver extends CallerResolver {
  resolve({ user }: CallerRequest): CallerInit {
    return { user };
  }
}
