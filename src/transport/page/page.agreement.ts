import { IncomingMessage } from 'node:http';

import { Injectable, Logger } from '@nestjs/common';

import { isSamePrincipal, type LiveCaller } from '../../lifecycle/caller/caller.js';
import type { CallerRequest } from '../../lifecycle/caller/caller-resolver.js';
import { Entrance } from '../../lifecycle/run/entrance.js';
import { CallerIntake } from '../caller.intake.js';
import { HandshakePassage } from '../http/handshake.passage.js';

/** A component in a page, and who looks at the page. */
interface Shown {
  readonly component: string;
  readonly request: object;
  /** Whom the page's own guards and middleware have found. */
  readonly page: LiveCaller;
  /** Who it is behind the component's guards, too. */
  readonly found: LiveCaller;
}

/**
 * Says in the log, once for each component, that a page knows a user whom a click will not know: a guard in front of the
 * page alone, a middleware for its path alone. Nobody is refused here, and no visitor reads it.
 */
@Injectable()
export class PageAgreement {
  private readonly logger = new Logger('Live');
  private readonly looked = new Set<string>();

  constructor(
    private readonly passage: HandshakePassage,
    private readonly intake: CallerIntake,
    private readonly entrance: Entrance,
  ) {}

  async check(shown: Shown): Promise<void> {
    const { component, page, found } = shown;
    // Somebody new on the request: the component's guards have found the user by themselves.
    if (!page.isAuthenticated || found !== page || this.looked.has(component)) {
      return;
    }
    this.looked.add(component);
    if (!(await this.isKnownElsewhere(shown))) {
      this.logger.warn(
        `A page shows "${component}" to a user whom only the page's own guards (or middleware of its path) have found. ` +
          'A click and a socket do not pass them: they are nobody there, and refused with STATE_INVALID. Put the guard ' +
          'on the component as well, or in front of everything with APP_GUARD, or give forRoot({ callerResolver }) a ' +
          'class that finds the user from cookies or headers.',
      );
    }
  }

  /** By middleware, as any request passes it; or by guards that leave a user alone who is there already. */
  private async isKnownElsewhere({ component, request, page }: Shown): Promise<boolean> {
    const { raw = request } = request as { readonly raw?: object };
    if (!(raw instanceof IncomingMessage)) {
      return true;
    }
    const passed = await this.passage.pass(raw);
    if ('status' in passed) {
      return false;
    }
    const { caller, who } = await this.intake.of(passed.request as CallerRequest);
    if (!who || isSamePrincipal(caller, page)) {
      return true;
    }
    try {
      return isSamePrincipal(await this.entrance.behind(component, { request: passed.request, who }), page);
    } catch {
      // Its guards refuse who is nobody.
      return false;
    }
  }
}
