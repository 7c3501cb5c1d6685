import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';

import { Injectable } from '@nestjs/common';

import type { CallerRequest } from '../../lifecycle/caller-resolver.js';
import { ComponentMounter } from '../../lifecycle/component.mounter.js';
import type { ErrorReply } from '../../protocol/envelope.js';
import { PageMounter } from '../../rendering/page-mounter.js';
import { PageRequest } from '../../rendering/page-request.js';
import { CallerIntake } from '../caller.intake.js';
import { presentNotice } from '../http/html.presenter.js';

/** Renders components into ordinary pages, for the caller of the request that is being answered. */
@Injectable()
export class ComponentsService extends PageMounter {
  private readonly cookied = new WeakSet<object>();

  constructor(
    private readonly mounter: ComponentMounter,
    private readonly intake: CallerIntake,
    private readonly page: PageRequest,
  ) {
    super();
  }

  /**
   * The component's HTML, ready to live in a page that loads the client. A refused component is its coded notice.
   * Outside a request the component is mounted for an anonymous caller that no page can be.
   */
  render(name: string, props: Record<string, unknown> = {}, slots: Record<string, string> = {}): Promise<string> {
    return this.mount(name, props, slots);
  }

  /** The same, under the name the page helper asks for. */
  async mount(name: string, props: Record<string, unknown>, slots: Record<string, string>): Promise<string> {
    const { request, response } = (this.page.current() ?? { request: { headers: {} } }) as {
      request: FrameworkRequest;
      response?: object;
    };
    const secure = (request.socket as Partial<TLSSocket> | undefined)?.encrypted === true;
    const { caller, setCookie } = await this.intake.of(request as unknown as CallerRequest, { secure });
    if (setCookie !== undefined && response !== undefined && !this.cookied.has(response)) {
      this.cookied.add(response);
      writeCookie(response, setCookie);
    }
    const reply = await this.mounter.mount(name, props, { caller, request, slots });
    return reply.ok ? (reply.html ?? '') : presentNotice(reply satisfies ErrorReply, name);
  }
}

interface FrameworkRequest {
  readonly headers: IncomingHttpHeaders;
  readonly socket?: IncomingMessage['socket'];
}

/** Express gives Node's own response, Fastify a reply around it; the cookie is set before either has written. */
const writeCookie = (response: object, cookie: string): void => {
  if ('header' in response && 'raw' in response) {
    (response as { header(name: string, value: string): void }).header('set-cookie', cookie);
    return;
  }
  (response as ServerResponse).appendHeader('set-cookie', cookie);
};
