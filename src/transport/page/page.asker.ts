import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

import { Injectable } from '@nestjs/common';

import { LiveError } from '../../errors/live-error.js';
import type { LiveCaller } from '../../lifecycle/caller/caller.js';
import type { CallerRequest } from '../../lifecycle/caller/caller-resolver.js';
import type { Answer, Arrival } from '../../lifecycle/run/interaction.js';
import { LifecycleRunner } from '../../lifecycle/run/lifecycle.runner.js';
import { writeCookie } from '../../protocol/cookie.js';
import type { PageExchange } from '../../rendering/page-exchange.js';
import { CallerIntake } from '../caller.intake.js';
import { OriginPolicy } from '../origin.policy.js';
import { PageAgreement } from './page.agreement.js';
import { PagePrivacy } from './page.privacy.js';

interface FrameworkRequest {
  readonly headers: IncomingHttpHeaders;
  readonly socket?: IncomingMessage['socket'];
}

/** Asks the runner for whoever a page is rendered for. */
@Injectable()
export class PageAsker {
  private readonly cookied = new WeakSet<object>();
  private readonly privacy = new PagePrivacy();

  constructor(
    private readonly runner: LifecycleRunner,
    private readonly intake: CallerIntake,
    private readonly origins: OriginPolicy,
    private readonly agreement: PageAgreement,
  ) {}

  /** Without a request it is asked for an anonymous caller. */
  async run(
    what: Omit<Arrival, 'caller' | 'request' | 'recognition' | 'transport'>,
    exchange: Partial<PageExchange>,
  ): Promise<Answer> {
    const { request = { headers: {} }, response } = exchange as { request?: FrameworkRequest; response?: object };
    const subject = { headers: request.headers, encrypted: false };
    // Without a socket it is no request at all: what is rendered is for a mail, or made by the server.
    if (request.socket !== undefined && !this.origins.allowsHost(subject)) {
      throw new LiveError('ORIGIN_REJECTED', this.origins.reasonOf(subject));
    }
    const { caller, setCookie, who } = await this.intake.of(request as unknown as CallerRequest);
    let found = caller;
    const met = (now: LiveCaller): void => {
      found = now;
    };
    const recognition = who && { request, who, met };
    const answer = await this.runner.run({ ...what, caller, request, recognition, transport: 'page' });
    if (answer.isAnybodys) {
      this.privacy.varies(response);
    } else {
      this.privacy.personal(response);
    }
    if (setCookie !== undefined && response !== undefined && found.sessionId === caller.sessionId) {
      this.giveCookie(response, setCookie);
    }
    const { component } = what.envelope;
    if (recognition && answer.reply.ok && component !== undefined) {
      await this.agreement.check({ component, request, page: caller, found });
    }
    return answer;
  }

  /** Who looks at the page, before anything of it is asked for. */
  async caller(request: object): Promise<LiveCaller> {
    return (await this.intake.of(request as CallerRequest)).caller;
  }

  /** A cookie goes out with the page. */
  write(response: object, cookie: string): void {
    this.privacy.givesCookie(response);
    writeCookie(response, cookie);
  }

  /** Once, however many components a page holds. */
  private giveCookie(response: object, cookie: string): void {
    if (!this.cookied.has(response)) {
      this.cookied.add(response);
      this.write(response, cookie);
    }
  }
}
