import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';

import { Injectable } from '@nestjs/common';

import { LiveError } from '../../errors/live-error.js';
import type { CallerRequest } from '../../lifecycle/caller-resolver.js';
import type { Arrival } from '../../lifecycle/interaction.js';
import { LifecycleRunner } from '../../lifecycle/lifecycle.runner.js';
import type { Effects, RequestEnvelope } from '../../protocol/envelope.js';
import type { PageExchange } from '../../rendering/page-exchange.js';
import { PageMounter, type MountRequest } from '../../rendering/page-mounter.js';
import { CallerIntake } from '../caller.intake.js';
import { presentNotice } from '../http/html.presenter.js';

/** One interaction asked for by the server itself. */
export interface Dispatch extends Pick<RequestEnvelope, 'event' | 'payload' | 'fields' | 'state' | 'page' | 'seq'> {
  readonly component: string;
  /** Props of a mount; the server may set any. */
  readonly props?: Readonly<Record<string, unknown>>;
  /** For whose caller; without it an anonymous one. */
  readonly request?: object;
}

/** For whom a component is rendered: `@Req()` and `@Res({ passthrough: true })` of the handler that answers. */
export interface RenderFor extends Partial<PageExchange> {
  /** Slot contents by name. */
  readonly slots?: Readonly<Record<string, string>>;
}

export interface Dispatched {
  /** Values of the `@State()` fields. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Token for the next event. */
  readonly state: string;
  readonly version: number;
  readonly effects: Effects;
}

/** Renders components into ordinary pages, for the caller of the request that is being answered. */
@Injectable()
export class ComponentsService extends PageMounter {
  private readonly cookied = new WeakSet<object>();

  constructor(
    private readonly runner: LifecycleRunner,
    private readonly intake: CallerIntake,
  ) {
    super();
  }

  /**
   * The component's HTML, ready to live in a page that loads the client. A refused component is its coded notice.
   * Without a request it is mounted for an anonymous caller that no page can be: good for a mail, dead in a page.
   */
  render(component: string, props: Readonly<Record<string, unknown>> = {}, to: RenderFor = {}): Promise<string> {
    return this.mount({ component, props, slots: to.slots ?? {} }, to);
  }

  /** The same, in the page helper's words. */
  async mount({ component, props, slots }: MountRequest, exchange: Partial<PageExchange> = {}): Promise<string> {
    const asker = await this.asker(exchange);
    const { reply } = await this.runner.run({ kind: 'mount', envelope: { component }, props, slots, ...asker });
    return reply.ok ? (reply.html ?? '') : presentNotice(reply, component);
  }

  /**
   * Runs one interaction without rendering and returns the state: a mount, or an event on what `state` names.
   * @throws LiveError the refusal
   */
  async dispatch({ component, props, request, ...envelope }: Dispatch): Promise<Dispatched> {
    const asker = await this.asker({ request });
    const kind = envelope.event === undefined ? 'mount' : 'event';
    const arrival = {
      kind,
      envelope: { ...envelope, component },
      props: props ?? {},
      output: 'state',
      ...asker,
    } as const;
    const { reply, fields } = await this.runner.run(arrival);
    if (!reply.ok) {
      throw new LiveError(reply.error.code, reply.error.message, reply.error);
    }
    const { state = '', version, effects } = reply;
    return { fields: fields ?? {}, state, version, effects };
  }

  private async asker(exchange: Partial<PageExchange>): Promise<Pick<Arrival, 'caller' | 'request' | 'transport'>> {
    const { request = { headers: {} }, response } = exchange as { request?: FrameworkRequest; response?: object };
    const secure = (request.socket as Partial<TLSSocket> | undefined)?.encrypted === true;
    const { caller, setCookie } = await this.intake.of(request as unknown as CallerRequest, { secure });
    if (setCookie !== undefined && response !== undefined && !this.cookied.has(response)) {
      this.cookied.add(response);
      writeCookie(response, setCookie);
    }
    return { caller, request, transport: 'page' };
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
