import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { Injectable } from '@nestjs/common';

import { LiveError } from '../../errors/live-error.js';
import type { LiveCaller } from '../../lifecycle/caller/caller.js';
import type { CallerRequest } from '../../lifecycle/caller/caller-resolver.js';
import { ConnectedCallers } from '../../lifecycle/caller/connected-callers.js';
import { Entrance } from '../../lifecycle/run/entrance.js';
import { refusal, toLiveError } from '../../lifecycle/run/failure.js';
import { FeatureHost } from '../../lifecycle/plan/feature-host.js';
import type { OwnAnswer, OwnExchange } from '../../lifecycle/context/own-exchange.js';
import type { Draining } from '../../observability/drain.js';
import { LiveLog } from '../../observability/live.log.js';
import { Admission } from '../admission.js';
import { CallerIntake } from '../caller.intake.js';
import { OriginPolicy } from '../origin.policy.js';
import { NO_SNIFFING } from './exchange.js';
import { retryAfter } from './retry-after.js';

/** A request below `P/-/<name>`, whatever framework received it. */
export interface FeatureRequest {
  readonly method: OwnExchange['method'];
  readonly name: string;
  readonly rest: string;
  readonly headers: IncomingHttpHeaders;
  readonly encrypted: boolean;
  /** The framework's own request: what resolvers see. */
  readonly original: object;
  readonly body: IncomingMessage;
}

/** How long a sender may go on after it was answered, in milliseconds. */
const LINGER_MS = 1_000;

/**
 * Requests that features serve themselves: by their origin, caller and admission they are like every other request; they
 * end with their caller's login, and a node that stops lets them end in its time for what has begun.
 */
@Injectable()
export class FeatureEndpoint implements Draining {
  readonly name = 'transfers';
  private readonly open = new Set<AbortController>();

  constructor(
    private readonly features: FeatureHost,
    private readonly entrance: Entrance,
    private readonly intake: CallerIntake,
    private readonly origins: OriginPolicy,
    private readonly admission: Admission,
    private readonly callers: ConnectedCallers,
    private readonly log: LiveLog,
  ) {}

  /** Those who bring something are waited for as work; nobody has to be asked to go. */
  get size(): number {
    return this.open.size;
  }

  ask(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    const stopping = new LiveError('DRAINING', 'this node is about to stop', { retryAfterMs: 1_000 });
    this.open.forEach((controller) => controller.abort(stopping));
    return Promise.resolve();
  }

  knows(name: string): boolean {
    return this.features.endpoint(name) !== undefined;
  }

  /** Never fails: whoever called it has nobody to tell. */
  async handle(request: FeatureRequest, out: ServerResponse): Promise<void> {
    // Its sender may be gone before anybody reads it.
    request.body.on('error', ignore);
    const answer = await this.answer(request);
    try {
      await this.send(answer, request, out);
    } catch (error) {
      this.refuse(request, error);
      out.destroy();
    }
  }

  private async send(answer: OwnAnswer, { body, method }: FeatureRequest, out: ServerResponse): Promise<void> {
    if (out.headersSent) {
      // The application has answered meanwhile: a time limit of its own, say.
      if (answer.body instanceof Readable) {
        answer.body.destroy();
      }
      return;
    }
    const isRead = body.complete && body.readableLength === 0;
    out.statusCode = answer.status;
    Object.entries({ ...NO_SNIFFING, ...answer.headers }).forEach(([name, value]) => out.setHeader(name, value));
    if (answer.body instanceof Readable) {
      // A reader that goes away half-way is nobody's mistake.
      await pipeline(answer.body, out).catch(ignore);
      return;
    }
    const text = method === 'HEAD' ? undefined : answer.body;
    if (!isRead && method === 'POST') {
      await this.letGo(body, out, text);
    }
    out.end(out.headersSent ? undefined : text);
  }

  private async answer(request: FeatureRequest): Promise<OwnAnswer> {
    const controller = new AbortController();
    let caller: LiveCaller | undefined;
    let leave: (() => void) | undefined;
    try {
      this.checkOrigin(request);
      const endpoint = this.features.endpoint(request.name)!;
      const resolver = request.original as CallerRequest;
      const { caller: first, who } = await this.intake.of(resolver);
      caller = first;
      this.admit(request, caller);
      if (request.method === 'POST' && request.body.readableDidRead) {
        throw new LiveError(
          'INTERNAL',
          `something in front has read the body of ${request.name}: it has to be left alone`,
        );
      }
      leave = this.watch(caller, resolver, controller);
      const { method, rest, headers, body } = request;
      const behind = async (component: string): Promise<LiveCaller> =>
        (caller = who ? await this.entrance.behind(component, { request: resolver, who }) : first);
      return await endpoint({ method, rest, headers, caller, behind, body, signal: controller.signal });
    } catch (error) {
      return this.refuse(request, error, caller);
    } finally {
      leave?.();
    }
  }

  private admit({ method }: FeatureRequest, caller: LiveCaller): void {
    // A page full of pictures asks for all of them at once.
    if (method !== 'GET') {
      this.admission.message(caller);
    }
    if (method === 'POST') {
      this.admission.newWork();
    }
  }

  /** @returns what ends the watch; until then the controller is aborted when the login ends or the node stops */
  watch(caller: LiveCaller, request: CallerRequest, controller: AbortController): () => void {
    let now = caller;
    const forget = this.callers.add({
      get caller() {
        return now;
      },
      recheck: async () => {
        now = await this.intake.recheck(now, request);
      },
      end: () => controller.abort(new LiveError('SESSION_REVOKED', 'the login is over')),
    });
    this.open.add(controller);
    return () => {
      forget();
      this.open.delete(controller);
    };
  }

  private checkOrigin(request: FeatureRequest): void {
    const isReading = request.method !== 'POST' && request.method !== 'DELETE';
    if (!(isReading ? this.origins.allowsHost(request) : this.origins.allowsRequest(request))) {
      throw new LiveError('ORIGIN_REJECTED', this.origins.reasonOf(request));
    }
  }

  private refuse({ name, method, original }: FeatureRequest, error: unknown, caller?: LiveCaller): OwnAnswer {
    const anonymous = caller?.isAuthenticated !== true;
    const failure = toLiveError(error, { anonymous, place: 'module' });
    const subject = { kind: `${method} ${name}`, transport: 'http', envelope: {}, caller, request: original };
    const reply = this.log.refused(failure, refusal(failure), subject);
    return {
      status: failure.status,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'no-store',
        'live-error': failure.code,
        ...retryAfter(reply),
      },
      body: JSON.stringify(reply),
    };
  }

  /**
   * The answer goes out at once, and the rest of the body nowhere. The connection ends behind it, a little later: ended under
   * a sender that still writes, it would take the answer with it.
   */
  private async letGo(body: IncomingMessage, out: ServerResponse, text = ''): Promise<void> {
    out.setHeader('connection', 'close');
    out.setHeader('content-length', Buffer.byteLength(text));
    out.write(text);
    // Whoever was reading it waits for its next chunk, and as long as it does nothing flows.
    body.removeAllListeners('readable').resume();
    await new Promise<void>((resolve) => {
      const late = setTimeout(resolve, LINGER_MS).unref();
      const done = (): void => {
        clearTimeout(late);
        resolve();
      };
      body.once('end', done).once('close', done);
      out.once('close', done);
    });
  }
}

const ignore = (): undefined => undefined;
