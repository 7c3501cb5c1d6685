import { Injectable } from '@nestjs/common';

import { LiveError } from '../../errors/live-error.js';
import { refusal, toLiveError } from '../../lifecycle/run/failure.js';
import { FeatureHost } from '../../lifecycle/plan/feature-host.js';
import type { Answer } from '../../lifecycle/run/interaction.js';
import { LifecycleRunner } from '../../lifecycle/run/lifecycle.runner.js';
import { LiveLog } from '../../observability/live.log.js';
import type { ErrorReply } from '../../protocol/envelope.js';
import { after, caught, type Soon } from '../../protocol/soon.js';
import { isFormType } from '../../protocol/form-encoding.js';
import type { FormBody } from '../../protocol/parse-form.js';
import { withSent } from '../../rendering/entered-form.js';
import type { HttpRequest, HttpResponse } from './exchange.js';
import { enteredInto } from './form-body.js';
import { presentHtml, presentRefusal } from './html.presenter.js';
import { isPlainForm } from '../forms/plain-form.js';
import { isMultipart } from '../forms/multipart.reader.js';
import { FormEndpoint } from '../forms/form.endpoint.js';
import { navigates, wantsHtml } from './negotiation.js';
import { RequestReader, type ReadRequest } from './request.reader.js';
import { retryAfter } from './retry-after.js';
import { briefly } from '../brief.reply.js';

/** HTTP in, HTTP out: request → arrival → runner → JSON or HTML. Never throws. */
@Injectable()
export class LiveEndpoint {
  constructor(
    private readonly runner: LifecycleRunner,
    private readonly reader: RequestReader,
    private readonly features: FeatureHost,
    private readonly log: LiveLog,
    private readonly forms: FormEndpoint,
  ) {}

  /** An answer that nothing had to be waited for is there at once. */
  handle(request: HttpRequest): Soon<HttpResponse> {
    if (isOfBrowser(request)) {
      return this.forms.handle(request);
    }
    if (request.method !== 'GET' && isMultipart(request.headers)) {
      const failure = new LiveError(
        'BAD_FRAME',
        'a multipart body is read only where a browser sends a form by itself',
      );
      const refused = this.refuse(request, failure);
      return { ...refused, headers: { ...refused.headers, connection: 'close' } };
    }
    return caught(
      () => after(this.reader.read(request), (read) => this.run(request, read)),
      (error) => this.refuse(request, error),
    );
  }

  private run(request: HttpRequest, { arrival, setCookie, form }: ReadRequest): Soon<HttpResponse> {
    // Added, not copied: the arrival was read for this request alone.
    arrival.output = wantsHtml(request.headers) ? 'page' : 'html';
    return after(this.runner.run(arrival), (answer) =>
      this.present(request, form ? withEntries(answer, form) : answer, setCookie()),
    );
  }

  /** The answer to a request that was refused before it reached the handler: a body that is no JSON, a path. */
  refuse(request: HttpRequest, error: unknown): HttpResponse {
    if (isOfBrowser(request)) {
      return this.forms.refuse(request, error);
    }
    const failure = toLiveError(error, { anonymous: true, place: 'module' });
    const envelope = { component: request.name };
    const { method: kind, original } = request;
    const subject = { kind, transport: 'http', envelope, request: original };
    const reply = this.log.refused(failure, refusal(failure), subject);
    return this.present(request, { reply, status: failure.status });
  }

  /** As HTML for whoever asked for it, as JSON otherwise. */
  present(request: HttpRequest, { reply, status }: Answer, setCookie?: string): HttpResponse {
    if (wantsHtml(request.headers)) {
      return this.presentPage(request, { reply, status }, setCookie);
    }
    const body = JSON.stringify(Array.isArray(request.body) ? briefly(reply) : reply);
    const headers = request.method === 'GET' ? GOTTEN_HEADERS : JSON_HEADERS;
    if (reply.ok && setCookie === undefined) {
      return { status, headers, body };
    }
    return { status, headers: { ...headers, ...cookieOf(setCookie), ...retryAfter(reply) }, body };
  }

  private presentPage(request: HttpRequest, { reply, status }: Answer, setCookie?: string): HttpResponse {
    const headers: Record<string, string> = { ...HTML_HEADERS, ...cookieOf(setCookie), ...retryAfter(reply) };
    if (!reply.ok && reply.html === undefined) {
      // htmx would put the notice in the component's place; there is nothing else to show, so it goes inside.
      headers['hx-reswap'] = 'beforeend';
    }
    if (reply.ok) {
      this.features.headers(reply.effects, request.headers).forEach(([name, value]) => (headers[name] = value));
    }
    return { status, headers, body: asHtml(reply, request.name) };
  }
}

// Answers hold tokens of one caller: nobody stores them. What a cache would choose by is said where one might ask.
const PRIVATE = { 'cache-control': 'no-store' };
const NEGOTIATED = { ...PRIVATE, vary: 'Accept, HX-Request, Cookie' };
const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8', ...PRIVATE };
const GOTTEN_HEADERS = { ...JSON_HEADERS, ...NEGOTIATED };
const HTML_HEADERS = { 'content-type': 'text/html; charset=utf-8', ...NEGOTIATED };

const cookieOf = (line: string | undefined): HttpResponse['headers'] =>
  line === undefined ? {} : { 'set-cookie': line };

/** A form that the browser sends by itself. A browser that does not say so is known by the inputs of our forms. */
const isOfBrowser = ({ method, headers, body }: HttpRequest): boolean => {
  if (method === 'POST' && isMultipart(headers)) {
    return navigates(headers) ?? wantsHtml(headers);
  }
  const isForm = isFormType(headers['content-type']);
  return method === 'POST' && isForm && (navigates(headers) ?? (isPlainForm(body) && wantsHtml(headers)));
};

/** A refusal takes the place of the form it refuses: what was entered there stays. */
const withEntries = ({ reply, status }: Answer, form: FormBody): Answer => {
  if (reply.ok || reply.html === undefined) {
    return { reply, status };
  }
  return { reply: { ...reply, html: withSent(reply.html, reply.component_id ?? '', enteredInto(form)) }, status };
};

const asHtml = (reply: Answer['reply'], name: string): string =>
  reply.ok ? presentHtml(reply) : presentRefusal(reply satisfies ErrorReply, name);
