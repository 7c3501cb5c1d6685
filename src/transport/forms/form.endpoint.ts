import { Readable } from 'node:stream';

import { Inject, Injectable } from '@nestjs/common';

import { ComponentRegistry } from '../../component/component.registry.js';
import { LiveError } from '../../errors/live-error.js';
import { toLiveError, refusal } from '../../lifecycle/run/failure.js';
import { FeatureHost } from '../../lifecycle/plan/feature-host.js';
import type { Answer, Arrival } from '../../lifecycle/run/interaction.js';
import { LifecycleRunner } from '../../lifecycle/run/lifecycle.runner.js';
import { Seal } from '../../lifecycle/instance/seal.js';
import { LiveLog } from '../../observability/live.log.js';
import type { ErrorReply, OkReply } from '../../protocol/envelope.js';
import { ownAddress, type OwnAddress } from '../../protocol/own-address.js';
import { readPageAddress } from '../../protocol/page-address.js';
import { PublicPath } from '../../protocol/public-path.js';
import type { HttpRequest, HttpResponse } from '../http/exchange.js';
import { RequestReader } from '../http/request.reader.js';
import { retryAfter } from '../http/retry-after.js';
import { OriginPolicy } from '../origin.policy.js';
import { PREFIX } from '../prefix.js';
import { FormFilesIntake, type BroughtForm } from './form-files.intake.js';
import { presentFormPage } from './form.page.js';
import { isMultipart, passOver } from './multipart.reader.js';
import { PageMemory, type LeftPage, type LeftRoot } from './page.memory.js';
import { readPlainForm, type PlainForm } from './plain-form.js';

/** How long a browser may go on sending what is refused, in milliseconds: it shows no answer before it is through. */
const LINGER_MS = 1_000;

const NOTHING = { component: '', token: undefined };

/** A form and where it came from. */
interface Sent {
  readonly request: HttpRequest;
  readonly form: PlainForm;
  readonly arrival: Arrival;
  /** Address of the page, within the site. */
  readonly from: OwnAddress;
}

/**
 * A form that the browser sends by itself, without any script: the same runner as for everybody, and then back to the
 * page, which shows what has come of it. Never throws.
 */
@Injectable()
export class FormEndpoint {
  constructor(
    private readonly registry: ComponentRegistry,
    private readonly seal: Seal,
    private readonly runner: LifecycleRunner,
    private readonly reader: RequestReader,
    private readonly memory: PageMemory,
    private readonly features: FeatureHost,
    private readonly files: FormFilesIntake,
    private readonly origins: OriginPolicy,
    private readonly path: PublicPath,
    private readonly log: LiveLog,
    @Inject(PREFIX) private readonly prefix: string,
  ) {}

  async handle(request: HttpRequest): Promise<HttpResponse> {
    if (!isMultipart(request.headers)) {
      return this.take(request);
    }
    const { body } = request;
    if (!(body instanceof Readable)) {
      return this.refuse(request, new LiveError('BAD_FRAME', 'something in front has read the body of a form'));
    }
    let brought: BroughtForm;
    try {
      brought = await this.files.read(request);
    } catch (error) {
      await passOver(body, LINGER_MS);
      // What is still on its way then goes nowhere, and the next request must not begin with it.
      const refused = this.refuse(request, error);
      return { ...refused, headers: { ...refused.headers, connection: 'close' } };
    }
    try {
      return await this.take({ ...request, body: brought.body }, brought);
    } finally {
      await brought.settle();
    }
  }

  private async take(request: HttpRequest, brought?: BroughtForm): Promise<HttpResponse> {
    try {
      const { arrival: read, setCookie: cookie, form: body } = await this.reader.read(request, brought !== undefined);
      // Its fields may not be all here: they are in the browser still, and in no page that we could send.
      if (brought?.refused?.code === 'TOO_LARGE') {
        throw brought.refused;
      }
      if (read.kind !== 'event') {
        throw (
          brought?.refused ??
          new LiveError('BAD_FRAME', 'the form names no event: give a button name="event" and a value')
        );
      }
      const arrival = await this.runner.recognise({ ...read, files: brought?.files });
      const setCookie = cookie();
      const form = readPlainForm(body, request.name, brought?.digest);
      const sent = { request, form, arrival, from: this.pageOf(request, form) };
      const answer = brought?.refused ? this.refusedFiles(sent, brought.refused) : await this.run(sent);
      // Without our cookie nothing can be kept for its next page.
      return setCookie === undefined ? await this.answer(sent, answer) : this.page(sent, answer, setCookie);
    } catch (error) {
      return this.refuse(request, error);
    }
  }

  /** A form that was refused before anything of it could be run. */
  refuse(request: HttpRequest, error: unknown): HttpResponse {
    const failure = toLiveError(error, { anonymous: true, place: 'module' });
    const { method: kind, original, name: component } = request;
    const subject = { kind, transport: 'http', envelope: { component }, request: original };
    const reply = this.log.refused(failure, refusal(failure), subject);
    return this.page({ request, from: this.pageOf(request, {}) }, { reply, status: failure.status });
  }

  /** Nothing of the form was run, and its page says why. */
  private refusedFiles({ arrival }: Sent, error: LiveError): Answer {
    const failure = toLiveError(error, { anonymous: !arrival.caller.isAuthenticated, place: 'module' });
    const reply = this.log.refused(failure, refusal(failure), arrival);
    return { reply, status: failure.status };
  }

  private async run({ arrival, form }: Sent): Promise<Answer> {
    const { caller, request, recognition, transport, envelope } = arrival;
    const { life, around, digest } = form;
    // What a token has no right to is refused by the runner, and nothing of it is remembered here.
    if (life === undefined || !this.opens(arrival)) {
      return this.runner.run(arrival);
    }
    // The number is the form's: what says something else is another event, and nobody can tell whether it is meant.
    if (!(await this.memory.isSame(`${life}.${envelope.state}`, digest, caller))) {
      const failure = new LiveError('STATE_STALE', 'a form of an older page says something else than before');
      const reply = this.log.refused(failure, refusal(failure), arrival);
      return { reply, status: failure.status };
    }
    if (around) {
      // Whoever hears what happens inside has to be there.
      const { component, token: state } = around;
      const join = { kind: 'join', envelope: { component, state, page: life }, transport } as const;
      await this.runner.run({ ...join, caller, request, recognition });
    }
    return this.runner.run({ ...arrival, joins: true });
  }

  private opens({ envelope: { component = '', state }, caller }: Arrival): boolean {
    const definition = this.registry.get(component);
    if (!definition) {
      return false;
    }
    try {
      this.seal.open(state, { definition, caller });
      return true;
    } catch {
      // The runner says why.
      return false;
    }
  }

  private async answer(sent: Sent, answer: Answer): Promise<HttpResponse> {
    const { reply } = answer;
    // The server cannot keep anything now, and the same form may be sent again.
    if (!reply.ok && reply.error.retryable) {
      return this.page(sent, answer);
    }
    const destination = reply.ok ? this.features.destination(reply.effects, sent.from) : undefined;
    const to = ownAddress(destination?.to) ?? sent.from;
    try {
      const isLeft = destination !== undefined && !destination.isSamePage;
      const cookie = isLeft ? undefined : await this.leave(sent, reply);
      // What was typed is in the browser still, and the answer itself says what is wrong with it.
      return cookie === undefined && !reply.ok ? this.page(sent, answer) : this.seeOther(to, cookie);
    } catch (error) {
      // What has happened has happened: the page shows it as far as the server knows it.
      return reply.ok ? this.seeOther(to) : this.refuse(sent.request, error);
    }
  }

  private async leave(
    { request, form, arrival, from }: Sent,
    reply: OkReply | ErrorReply,
  ): Promise<string | undefined> {
    const { life, around, place, at, entered, index } = form;
    const { state, component = request.name } = arrival.envelope;
    const own = { component, token: reply.state ?? state };
    // Nothing is kept of a token that is nobody's: the component begins anew.
    const { token, component: outermost } = reply.ok || this.opens(arrival) ? (around ?? own) : NOTHING;
    const { caller } = arrival;
    const known = life === undefined ? [] : await this.memory.recall(life, caller);
    const others = known.filter((root) => root.place !== place);
    const root: readonly LeftRoot[] = token === undefined ? [] : [{ place, component: outermost, token }];
    const page: LeftPage = {
      path: readPageAddress(at ?? from).path,
      roots: [...others, ...root],
      refused: reply.ok ? undefined : { place, index, error: reply.error, entered },
    };
    return this.memory.leave(page, { caller, secure: this.origins.isSecure(request) });
  }

  /** Path and query of the page: as the browser says it, else as the page says it itself. */
  private pageOf(request: HttpRequest, { at }: Partial<PlainForm>): OwnAddress {
    const { referer = '' } = request.headers;
    const said = URL.canParse(referer) ? new URL(referer) : undefined;
    const path = said && this.origins.isOwnPage(said, request) ? said.pathname + said.search : '';
    const own = this.path.address(request.original, `${this.prefix}/`);
    const isPage = (address: OwnAddress | undefined): address is OwnAddress =>
      address !== undefined && !readPageAddress(address).path.startsWith(own);
    const first = ownAddress(this.path.address(request.original, '/'))!;
    return [path, at].map(ownAddress).find(isPage) ?? first;
  }

  private seeOther(location: OwnAddress, cookie?: string): HttpResponse {
    const headers = { location, 'cache-control': 'no-store', ...(cookie && { 'set-cookie': cookie }) };
    return { status: 303, headers, body: '' };
  }

  private page(
    { request, from }: Pick<Sent, 'request' | 'from'>,
    { reply, status }: Answer,
    setCookie?: string,
  ): HttpResponse {
    if (reply.ok) {
      return this.seeOther(from, setCookie);
    }
    const headers = {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      ...(setCookie && { 'set-cookie': setCookie }),
      ...retryAfter(reply),
    };
    return { status, headers, body: presentFormPage(reply, { component: request.name, back: from }) };
  }
}
