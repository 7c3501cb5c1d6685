import { Inject, Injectable } from '@nestjs/common';

import { LiveError } from '../../errors/live-error.js';
import type { CallerRequest } from '../../lifecycle/caller-resolver.js';
import { refusal, toLiveError } from '../../lifecycle/failure.js';
import { FeatureHost } from '../../lifecycle/feature-host.js';
import type { Answer, Arrival } from '../../lifecycle/interaction.js';
import { LifecycleRunner } from '../../lifecycle/lifecycle.runner.js';
import { LiveLog } from '../../observability/live.log.js';
import type { ErrorReply, RequestEnvelope } from '../../protocol/envelope.js';
import { markFormEncoded } from '../../protocol/form-encoding.js';
import { LIMITS, type Limits } from '../../protocol/limits.js';
import { readPageAddress } from '../../protocol/page-address.js';
import { parseRequest } from '../../protocol/parse-request.js';
import { Admission } from '../admission.js';
import { CallerIntake } from '../caller.intake.js';
import { OriginPolicy } from '../origin.policy.js';
import type { HttpRequest, HttpResponse } from './exchange.js';
import { readFormBody } from './form-body.js';
import { presentHtml, presentRefusal } from './html.presenter.js';
import { wantsHtml } from './negotiation.js';
import { PollingReaders } from './polling.readers.js';
import { retryAfter } from './retry-after.js';

/** HTTP in, HTTP out: size → origin → shape → caller → runner → JSON or HTML. Never throws. */
@Injectable()
export class LiveEndpoint {
  constructor(
    private readonly runner: LifecycleRunner,
    private readonly intake: CallerIntake,
    private readonly origins: OriginPolicy,
    private readonly features: FeatureHost,
    private readonly log: LiveLog,
    private readonly admission: Admission,
    private readonly readers: PollingReaders,
    @Inject(LIMITS) private readonly limits: Limits,
  ) {}

  async handle(request: HttpRequest): Promise<HttpResponse> {
    const trace = { startedAt: performance.now(), attempt: 1 };
    try {
      this.checkOrigin(request);
      const envelope = this.parse(request);
      const { caller, setCookie } = await this.intake.of(request.original as CallerRequest, {
        secure: request.encrypted,
      });
      const { original } = request;
      const kind = kindOf(request, envelope);
      this.admission.message(caller);
      if (kind === 'mount' || kind === 'join') {
        this.admission.newWork();
      }
      const output = wantsHtml(request.headers) ? 'page' : 'html';
      const poll = { envelope, caller, request: original };
      const hold = kind === 'join' || kind === 'event' ? this.readers.holding(poll) : undefined;
      const answer = await this.runner.run({ ...poll, kind, output, transport: 'http', trace, hold });
      return this.present(request, answer, setCookie);
    } catch (error) {
      return this.refuse(request, error);
    }
  }

  /** The answer to a request that was refused before it reached the handler: a body that is no JSON, a path. */
  refuse(request: HttpRequest, error: unknown): HttpResponse {
    const failure = toLiveError(error, { anonymous: true, place: 'module' });
    const reply = refusal(failure);
    const envelope = { component: request.name };
    const { method: kind, original } = request;
    this.log.refused(failure, reply, { kind, transport: 'http', envelope, request: original });
    return this.present(request, { reply, status: failure.status });
  }

  private checkOrigin({ method, headers, encrypted }: HttpRequest): void {
    if (method !== 'GET' && !this.origins.allowsRequest({ headers, encrypted })) {
      const { origin = 'none', 'sec-fetch-site': site = 'none' } = headers;
      throw new LiveError(
        'ORIGIN_REJECTED',
        `Origin ${origin.slice(0, 128)}, Sec-Fetch-Site ${String(site)}: allow the site with forRoot({ origins: ['https://…'] }), or set trustProxy behind a TLS proxy`,
      );
    }
  }

  private parse({ method, name, headers, query, body }: HttpRequest): RequestEnvelope {
    const { maxFrameBytes } = this.limits;
    if (
      Number(headers['content-length'] ?? 0) > maxFrameBytes ||
      (isUnmeasured(headers) && sizeOf(body) > maxFrameBytes)
    ) {
      throw new LiveError('TOO_LARGE', `the body is larger than ${maxFrameBytes} bytes`);
    }
    if (method === 'GET') {
      const url = addressed(query, headers['hx-current-url']);
      return parseRequest({ params: markFormEncoded({ ...query }), url }, this.limits, name);
    }
    const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
    const raw = isForm ? readFormBody(body) : (body ?? {});
    return parseRequest(raw, this.limits, name);
  }

  private present(request: HttpRequest, { reply, status }: Answer, setCookie?: string): HttpResponse {
    const html = wantsHtml(request.headers);
    const body = html ? asHtml(reply, request.name) : JSON.stringify(reply);
    const headers: Record<string, string> = {
      'content-type': html ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8',
      // Answers hold tokens of one caller.
      'cache-control': 'no-store',
      vary: 'Accept, HX-Request',
    };
    if (html && !reply.ok && reply.html === undefined) {
      // htmx would put the notice in the component's place; there is nothing else to show, so it goes inside.
      headers['hx-reswap'] = 'beforeend';
    }
    if (html && reply.ok) {
      this.features.headers(reply.effects, request.headers).forEach(([name, value]) => (headers[name] = value));
    }
    if (setCookie !== undefined) {
      headers['set-cookie'] = setCookie;
    }
    return { status, headers: { ...headers, ...retryAfter(reply) }, body };
  }
}

/** A chunked or compressed body, read by the application's own parser: no header says how large it was. */
const isUnmeasured = (headers: HttpRequest['headers']): boolean =>
  headers['transfer-encoding'] !== undefined || headers['content-encoding'] !== undefined;

/** A mount that says something in its address says it for the page it is for. */
const addressed = (query: HttpRequest['query'], page: unknown): string | undefined => {
  const text = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    [value].flat().forEach((one) => typeof one === 'string' && text.append(name, one));
  }
  return text.size > 0 ? `${readPageAddress(page).path}?${text.toString()}` : undefined;
};

const sizeOf = (body: unknown): number => Buffer.byteLength(JSON.stringify(body ?? null));

const asHtml = (reply: Answer['reply'], name: string): string =>
  reply.ok ? presentHtml(reply) : presentRefusal(reply satisfies ErrorReply, name);

const kindOf = ({ method }: HttpRequest, { state, event }: RequestEnvelope): Arrival['kind'] => {
  if (method === 'DELETE') {
    return 'leave';
  }
  if (event !== undefined) {
    return 'event';
  }
  return state === undefined ? 'mount' : 'join';
};
