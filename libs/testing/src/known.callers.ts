import { randomBytes } from 'node:crypto';

import type { INestApplicationContext } from '@nestjs/common';
import { CallerResolver, type CallerInit, type CallerRequest } from 'nest-live';

const HEADER = 'x-nest-live-test-caller';

type Known = CallerInit & { readonly sessionId: string };

/**
 * Lets an application of this process take requests of the testing kit for whoever the test says, without a login. Every
 * other request is resolved as ever; the secret in the header is random and never leaves the process.
 */
export class KnownCallers {
  private static readonly byResolver = new WeakMap<CallerResolver, KnownCallers>();

  static of(app: INestApplicationContext): KnownCallers {
    const resolver = app.get(CallerResolver, { strict: false });
    const present = KnownCallers.byResolver.get(resolver) ?? new KnownCallers(resolver);
    KnownCallers.byResolver.set(resolver, present);
    return present;
  }

  private readonly callers = new Map<string, Known>();

  private constructor(resolver: CallerResolver) {
    const resolve = resolver.resolve.bind(resolver);
    const recheck = resolver.recheck.bind(resolver);
    resolver.resolve = (request) => this.find(request) ?? resolve(request);
    resolver.recheck = (caller, request) => (this.find(request) ? caller : recheck(caller, request));
  }

  /** @returns the headers by which the application knows this caller */
  add(caller: Known): Readonly<Record<string, string>> {
    const secret = randomBytes(16).toString('base64url');
    this.callers.set(secret, caller);
    return { [HEADER]: secret };
  }

  private find({ headers }: CallerRequest): Known | undefined {
    const secret = headers[HEADER];
    return typeof secret === 'string' ? this.callers.get(secret) : undefined;
  }
}
