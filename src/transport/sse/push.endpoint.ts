import type { ServerResponse } from 'node:http';

import { Inject, Injectable } from '@nestjs/common';

import { CATALOGUE } from '../../errors/catalogue.js';
import { LiveError } from '../../errors/live-error.js';
import type { CallerRequest } from '../../lifecycle/caller/caller-resolver.js';
import { refusal, toLiveError } from '../../lifecycle/run/failure.js';
import { FeatureHost } from '../../lifecycle/plan/feature-host.js';
import type { Answer, Arrival } from '../../lifecycle/run/interaction.js';
import { LifecycleRunner } from '../../lifecycle/run/lifecycle.runner.js';
import { PushRunner } from '../../lifecycle/run/push.runner.js';
import { ViewerRegistry, type Viewer } from '../../lifecycle/instance/viewer.js';
import { LiveLog } from '../../observability/live.log.js';
import type { Position, Reply, RequestEnvelope } from '../../protocol/envelope.js';
import { LIMITS, type Limits } from '../../protocol/limits.js';
import type { Soon } from '../../protocol/soon.js';
import { parseRequest } from '../../protocol/parse-request.js';
import { Admission } from '../admission.js';
import { CallerIntake } from '../caller.intake.js';
import type { HttpRequest, HttpResponse } from '../http/exchange.js';
import { PollingReaders } from '../http/polling.readers.js';
import { retryAfter } from '../http/retry-after.js';
import { OriginPolicy } from '../origin.policy.js';
import { PushStream } from './push.stream.js';
import { PushStreams } from './push.streams.js';
import { readPositions, writePositions } from './stream-position.js';

const SUBSCRIPTION = /^([a-z][a-z0-9-]{0,63}):(.+)$/;

interface Asked extends Pick<Arrival, 'caller' | 'recognition'> {
  readonly envelopes: readonly RequestEnvelope[];
}

/**
 * Pushes for pages without a socket: `GET P/-/pushes?sub=<component>:<token>&sub=…&page=<page life>` as server-sent
 * events, `GET P/-/poll` with the same query and `since` as one answer. Each subscription is guarded like a mount.
 */
@Injectable()
export class PushEndpoint {
  constructor(
    private readonly runner: LifecycleRunner,
    private readonly pushes: PushRunner,
    private readonly viewers: ViewerRegistry,
    private readonly features: FeatureHost,
    private readonly intake: CallerIntake,
    private readonly origins: OriginPolicy,
    private readonly log: LiveLog,
    private readonly streams: PushStreams,
    private readonly admission: Admission,
    private readonly readers: PollingReaders,
    @Inject(LIMITS) private readonly limits: Limits,
  ) {}

  /** @returns an answer when nothing can be streamed */
  async stream(request: HttpRequest, out: ServerResponse): Promise<HttpResponse | undefined> {
    try {
      const asked = await this.ask(request, request.headers['last-event-id']);
      const stream = this.open(asked, request, out);
      const replies: Reply[] = [];
      for (const [place, envelope] of asked.envelopes.entries()) {
        const { reply } = await this.join({ stream, place, envelope, asked, request: request.original });
        replies.push(reply);
      }
      const [first] = replies;
      if (first && replies.every(({ ok }) => !ok)) {
        return json(statusOf(first), first, retryAfter(first));
      }
      replies.forEach((reply) => stream.send(reply.ok ? 'joined' : 'error', reply));
      return undefined;
    } catch (error) {
      return this.refuse(request, error);
    }
  }

  async poll(request: HttpRequest): Promise<HttpResponse> {
    try {
      if (request.query.page === undefined) {
        throw new LiveError('BAD_FRAME', 'a poll names the page life it belongs to: ?page=');
      }
      const { caller, recognition, envelopes } = await this.ask(request, request.query.since);
      const replies: Reply[] = [];
      const shown: (Position | undefined)[] = [];
      for (const envelope of envelopes) {
        const poll = { envelope, caller, recognition, request: request.original };
        const hold = this.readers.holding(poll);
        const answer = await this.runner.run({ ...poll, kind: 'join', transport: 'http', hold });
        replies.push(answer.reply);
        shown.push(positionOf(answer));
      }
      return json(200, { replies, since: writePositions(shown) });
    } catch (error) {
      return this.refuse(request, error);
    }
  }

  private async ask(request: HttpRequest, since: unknown): Promise<Asked> {
    if (!this.origins.allowsRequest(request)) {
      throw new LiveError('ORIGIN_REJECTED', this.origins.reasonOf(request));
    }
    if (hasBody(request)) {
      throw new LiveError('BAD_FRAME', 'whoever asks for pushes sends no body');
    }
    this.admission.newWork();
    const { sub, page } = request.query;
    // A parser of queries may have made an object of a long list.
    const subscriptions: readonly unknown[] = typeof sub === 'object' ? Object.values(sub ?? {}) : [sub ?? []].flat();
    if (subscriptions.length === 0 || subscriptions.length > this.limits.maxSubscriptions) {
      throw new LiveError('BAD_FRAME', `sub is given 1 to ${this.limits.maxSubscriptions} times`);
    }
    const at = readPositions(since, subscriptions.length);
    const envelopes = subscriptions.map((subscription, place) => {
      const [, component, state] = SUBSCRIPTION.exec(typeof subscription === 'string' ? subscription : '') ?? [];
      return parseRequest({ component: component ?? '', state: state ?? '', page, at: at[place] }, this.limits);
    });
    const { original } = request;
    const { caller, who } = await this.intake.of(original as CallerRequest);
    // Each of them is a join.
    this.admission.message(caller, envelopes.length);
    return { caller, recognition: who && { request: original, who }, envelopes };
  }

  private open({ caller, envelopes }: Asked, request: HttpRequest, out: ServerResponse): PushStream {
    this.streams.admit(caller);
    const refresh = (viewer: Viewer): void => void this.pushes.refresh(viewer);
    const reader = { caller, request: request.original, refresh };
    const stream = new PushStream(out, reader, { places: envelopes.length, limits: this.limits });
    this.streams.add(stream);
    return stream;
  }

  private join({ stream, place, envelope, asked, request }: Joining): Soon<Answer> {
    const { caller, recognition } = asked;
    // Without a page life the reader is somebody who looks as well: under a client session of its own, left at the end.
    const kind = envelope.page === undefined ? 'subscribe' : 'join';
    const hold: Arrival['hold'] = (held, by) => {
      if (stream.isClosed) {
        return undefined;
      }
      const viewer = stream.hold(held, place, recognition && { recognition, caller: by.caller });
      this.viewers.add(viewer);
      this.features.onJoin(viewer);
      stream.onClose(() => this.forget(viewer, kind, request));
      return undefined;
    };
    return this.runner.run({ kind, envelope, caller, recognition, transport: 'http', request, hold });
  }

  private forget(viewer: Viewer, kind: Arrival['kind'], request: object): void {
    this.viewers.remove(viewer);
    this.features.onLeave(viewer);
    if (kind === 'subscribe') {
      const { held, caller } = viewer;
      void this.runner.run({ kind: 'leave', envelope: {}, caller, transport: 'http', request, held });
    }
  }

  private refuse({ original }: HttpRequest, error: unknown): HttpResponse {
    const failure = toLiveError(error, { anonymous: true, place: 'module' });
    const subject = { kind: 'pushes', transport: 'http', envelope: {}, request: original };
    const reply = this.log.refused(failure, refusal(failure), subject);
    return json(failure.status, reply, retryAfter(reply));
  }
}

interface Joining {
  readonly stream: PushStream;
  readonly place: number;
  readonly envelope: RequestEnvelope;
  readonly asked: Asked;
  readonly request: object;
}

/** It would be kept as long as its reader is there. */
const hasBody = ({ headers }: HttpRequest): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

const statusOf = (reply: Reply): number => (reply.ok ? 200 : CATALOGUE[reply.error.code].status);

const positionOf = ({ reply }: Answer): Position | undefined =>
  reply.ok && reply.epoch !== undefined ? { e: reply.epoch, v: reply.version } : undefined;

const json = (status: number, body: unknown, more: HttpResponse['headers'] = {}): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...more },
  body: JSON.stringify(body),
});
