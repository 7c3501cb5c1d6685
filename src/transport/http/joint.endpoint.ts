import type { ServerResponse } from 'node:http';

import { Inject, Injectable } from '@nestjs/common';

import { LiveError } from '../../errors/live-error.js';
import type { LiveCaller } from '../../lifecycle/caller/caller.js';
import { refusal, toLiveError } from '../../lifecycle/run/failure.js';
import type { Arrival } from '../../lifecycle/run/interaction.js';
import { LifecycleRunner } from '../../lifecycle/run/lifecycle.runner.js';
import { Drain } from '../../observability/drain.js';
import { LiveLog } from '../../observability/live.log.js';
import type { ErrorReply, Reply } from '../../protocol/envelope.js';
import { LIMITS, type Limits } from '../../protocol/limits.js';
import { CallerBuckets, rateKey } from '../caller.buckets.js';
import { JointJoins, jointBurst } from '../joint.joins.js';
import type { HttpRequest, HttpResponse } from './exchange.js';
import { RequestReader, type JointRequest } from './request.reader.js';
import { retryAfter } from './retry-after.js';

/** `POST P/-/joins`: what `join_all` is on a socket, for a page that has none. Never throws. */
@Injectable()
export class JointEndpoint {
  private readonly buckets: CallerBuckets;
  /** Requests that are being answered, by caller: each may have to wait for its rate. */
  private readonly open = new Map<string, number>();

  constructor(
    private readonly runner: LifecycleRunner,
    private readonly reader: RequestReader,
    private readonly log: LiveLog,
    private readonly drain: Drain,
    @Inject(LIMITS) private readonly limits: Limits,
  ) {
    // A caller without sockets has no connections to count by.
    this.buckets = new CallerBuckets(limits.eventsPerSecondPerCaller, jointBurst(limits));
  }

  async handle(request: HttpRequest, out: ServerResponse): Promise<HttpResponse> {
    try {
      const joint = await this.reader.readJoint(request);
      // It is nobody's in particular: whoever looks on from now on need not hold all of it.
      (request.original as { body?: unknown }).body = undefined;
      const reply = await this.admitted(joint.caller, () => this.run(joint, request, out));
      const setCookie = joint.setCookie();
      return json(200, reply, setCookie === undefined ? {} : { 'set-cookie': setCookie });
    } catch (error) {
      return this.refuse(request, error);
    }
  }

  /** The answer to a body that could not be read. */
  refuse(request: HttpRequest, error: unknown): HttpResponse {
    const { reply, status } = this.refused(request, error, {});
    return json(status, reply, retryAfter(reply));
  }

  private run(joint: JointRequest, request: HttpRequest, out: ServerResponse): Promise<object> {
    const { caller } = joint;
    const joins = new JointJoins(this.limits, () => this.buckets.take(caller));
    const answer = async (kind: 'join' | 'mount', raw: unknown): Promise<Reply> => {
      try {
        return (await this.runner.run(joint.arrival(kind, raw))).reply;
      } catch (error) {
        return this.refused(request, error, { caller, kind }).reply;
      }
    };
    // What a node that ends has not begun is asked of another one.
    return joins.run([request.body], { answer, isOver: () => out.destroyed || this.drain.isDraining });
  }

  private async admitted<Answer>(caller: LiveCaller, work: () => Promise<Answer>): Promise<Answer> {
    const key = rateKey(caller);
    const count = this.open.get(key) ?? 0;
    if (count >= this.limits.maxInFlight) {
      throw new LiveError('TOO_MANY_IN_FLIGHT', 'too many unanswered joint joins of one caller', { retryAfterMs: 100 });
    }
    this.open.set(key, count + 1);
    try {
      return await work();
    } finally {
      const left = this.open.get(key)! - 1;
      if (left > 0) {
        this.open.set(key, left);
      } else {
        this.open.delete(key);
      }
    }
  }

  private refused(
    { original }: HttpRequest,
    error: unknown,
    { caller, kind = 'join' }: Partial<Pick<Arrival, 'caller' | 'kind'>>,
  ): { readonly reply: ErrorReply; readonly status: number } {
    const failure = toLiveError(error, { anonymous: caller?.isAuthenticated !== true, place: 'module' });
    const reply = refusal(failure);
    this.log.refused(failure, reply, { kind, transport: 'http', envelope: {}, caller, request: original });
    return { reply, status: failure.status };
  }
}

const json = (status: number, body: unknown, more: HttpResponse['headers']): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...more },
  body: JSON.stringify(body),
});
