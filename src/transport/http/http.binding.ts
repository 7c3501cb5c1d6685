import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';

import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

import { offerCallers } from '../../component/caller.source.js';
import { isLater, type Soon } from '../../protocol/soon.js';
import { readBody } from './body.reader.js';
import { ClientAsset } from './client.asset.js';
import { NO_SNIFFING, type HttpRequest, type HttpResponse } from './exchange.js';
import type { FrameworkRequest, FastifyReplyLike, FastifyErrorHandler, FastifyLike } from './frameworks.js';
import { FrontPaths } from './front.paths.js';
import { FeatureRoutes, type ExpressLike as OwnExpress, type FastifyLike as OwnFastify } from './feature.routes.js';
import { isMultipart } from '../forms/multipart.reader.js';
import { HandshakePassage } from './handshake.passage.js';
import { JointEndpoint } from './joint.endpoint.js';
import { refusedOnTheWay } from './on-the-way.refusal.js';
import { RequestReader } from './request.reader.js';
import { inFrontOfRoutes } from './route.order.js';
import { LiveEndpoint } from './live.endpoint.js';
import { OperationsEndpoint } from './operations.endpoint.js';
import { EventEndpoint } from '../sse/event.endpoint.js';
import { PushEndpoint } from '../sse/push.endpoint.js';

const MULTIPART = 'multipart/form-data';
const BODIES = ['application/json', 'application/x-www-form-urlencoded'];
const METHODS = ['GET', 'POST', 'DELETE'] as const;

/**
 * Registers the routes of `P` on the application's Express or Fastify instance, beside the controllers and not as one:
 * global guards and interceptors must run once, in the `live` context, and not a second time around the envelope.
 */
@Injectable()
export class HttpBinding {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly endpoint: LiveEndpoint,
    private readonly joint: JointEndpoint,
    private readonly asset: ClientAsset,
    private readonly operations: OperationsEndpoint,
    private readonly pushes: PushEndpoint,
    private readonly events: EventEndpoint,
    private readonly features: FeatureRoutes,
    private readonly passage: HandshakePassage,
    private readonly fronts: FrontPaths,
    private readonly reader: RequestReader,
  ) {}

  /** @param prefixes under each of which everything answers */
  bind(prefixes: readonly string[], maxBytes: number): void {
    offerCallers(this.host.httpAdapter.getInstance<object>(), (request) => this.reader.callerOf(request as Asking));
    prefixes.forEach((prefix) => this.bindAt(prefix, maxBytes));
    this.fronts.attach();
  }

  private bindAt(prefix: string, maxBytes: number): void {
    const adapter = this.host.httpAdapter;
    if (adapter.getType() === 'fastify') {
      this.features.bindFastify(adapter.getInstance<OwnFastify>(), prefix, (path, req, res) =>
        this.serveOwn(path, { req, res, next: () => write(res, NOT_FOUND) }),
      );
      this.bindFastify(adapter.getInstance<FastifyLike>(), prefix, maxBytes);
      return;
    }
    const app = adapter.getInstance<OwnExpress & ExpressLike>();
    this.features.goFirst(app, prefix);
    inFrontOfRoutes(app.router.stack, prefix, () => {
      this.features.bindExpress(app, prefix);
      this.bindExpress(app, prefix, maxBytes);
    });
  }

  private bindExpress(app: ExpressLike, prefix: string, maxBytes: number): void {
    app.get(`${prefix}/-/:file`, (req, res, next) => this.serveOwn(req.params.file!, { req, res, next }));
    app.get(`${prefix}/-/health/:probe`, (req, res, next) =>
      this.serveOwn(`health/${req.params.probe!}`, { req, res, next }),
    );
    const handle = async (req: ExpressRequest, res: ServerResponse, answer: Answering): Promise<void> => {
      const isStreamed = this.features.restore(req);
      const name = req.params.name ?? '';
      const unread = req.body === undefined && req.method !== 'GET';
      try {
        const body = isStreamed ? req : unread ? await readBody(req, maxBytes) : req.body;
        writeIf(res, await answer(toHttpRequest(req, name, body)));
      } catch (error) {
        write(res, this.refuse(toHttpRequest(req, name), error));
      }
    };
    const handler: ExpressHandler = (req, res) => handle(req, res, (request) => this.endpoint.handle(request));
    app.post(`${prefix}/:name/stream`, (req, res) => handle(req, res, (request) => this.events.stream(request, res)));
    app.post(`${prefix}/-/joins`, (req, res) => handle(req, res, (request) => this.joint.handle(request, res)));
    app.get(`${prefix}/:name`, handler);
    app.post(`${prefix}/:name`, handler);
    app.delete(`${prefix}/:name`, handler);
    // What a body parser or a middleware refuses never reaches a route: it comes here, and only ours is answered.
    app.use((error: Error, req: ExpressRequest, res: ServerResponse, next: (error: Error) => void): void => {
      const name = ownName(req.path, prefix);
      if (name === undefined) {
        next(error);
        return;
      }
      write(res, this.refuse(toHttpRequest(req, name), refusedOnTheWay(error, res.getHeader('retry-after'))));
    });
  }

  private bindFastify(app: FastifyLike, prefix: string, maxBytes: number): void {
    const serve = (path: string, req: FrameworkRequest, reply: FastifyReplyLike): void => {
      reply.hijack();
      this.serveOwn(path, { req, res: reply.raw, next: () => write(reply.raw, NOT_FOUND) });
    };
    app.route({
      method: 'GET',
      url: `${prefix}/-/:file`,
      // HEAD is also asked of what features serve: see FeatureRoutes.
      exposeHeadRoute: false,
      handler: (request, reply) => serve(request.params.file, request, reply),
    });
    app.route({
      method: 'GET',
      url: `${prefix}/-/health/:probe`,
      handler: (request, reply) => serve(`health/${request.params.probe}`, request, reply),
    });
    const errorHandler: FastifyErrorHandler = (error, request, reply) => {
      const failure = refusedOnTheWay(error, reply.getHeader('retry-after'));
      const { status, headers, body } = this.refuse(toHttpRequest(request, request.params.name ?? ''), failure);
      void reply
        .code(status)
        .headers({ ...NO_SNIFFING, ...headers })
        .send(body);
    };
    // In a scope of its own, so that forms with files are left to us whatever the application does with others.
    app.register((scope, _options, done) => {
      if (scope.hasContentTypeParser(MULTIPART)) scope.removeContentTypeParser(MULTIPART);
      scope.addContentTypeParser(MULTIPART, (_request, _payload, parsed) => parsed(null));
      // Nest registers its parsers unless it is told not to: then nobody else reads what our routes are sent.
      const unread = BODIES.filter((type) => !scope.hasContentTypeParser(type));
      scope.addContentTypeParser(unread, ({ raw }, _payload, parsed) => {
        readBody(raw, maxBytes).then((body) => parsed(null, body), parsed);
      });
      scope.route({
        method: [...METHODS],
        url: `${prefix}/:name`,
        bodyLimit: maxBytes,
        handler: (request, reply) => {
          const body = isMultipart(request.headers) ? request.raw : request.body;
          const answer = this.endpoint.handle(toHttpRequest(request, request.params.name, body));
          if (isLater(answer)) {
            return answer.then((there) => send(reply, there));
          }
          send(reply, answer);
          return undefined;
        },
        errorHandler,
      });
      scope.route({
        method: 'POST',
        url: `${prefix}/:name/stream`,
        bodyLimit: maxBytes,
        handler: async (request, reply) => {
          reply.hijack();
          writeIf(reply.raw, await this.events.stream(toHttpRequest(request, request.params.name), reply.raw));
        },
        errorHandler,
      });
      scope.route({
        method: 'POST',
        url: `${prefix}/-/joins`,
        bodyLimit: maxBytes,
        handler: async (request, reply) => {
          reply.hijack();
          write(reply.raw, await this.joint.handle(toHttpRequest(request, ''), reply.raw));
        },
        errorHandler,
      });
      done();
    });
  }

  /** No component has an empty name: it is the request for many. */
  private refuse(request: HttpRequest, error: unknown): HttpResponse {
    return request.name === '' ? this.joint.refuse(request, error) : this.endpoint.refuse(request, error);
  }

  private serveOwn(path: string, { req, res, next }: Served): void {
    if (path === 'socket' && this.passage.arrive(req.raw ?? req, req)) {
      return;
    }
    const answer = this.operations.answer(path, req.headers);
    if (answer) {
      write(res, answer);
      return;
    }
    if (path === 'pushes' || path === 'poll') {
      void this.servePushes(path, toHttpRequest(req, path), res);
      return;
    }
    const script = this.asset.find(path, req.headers);
    if (!script) {
      next();
      return;
    }
    write(res, { status: 200, ...script });
  }

  private async servePushes(path: 'pushes' | 'poll', request: HttpRequest, res: ServerResponse): Promise<void> {
    const answer = path === 'poll' ? await this.pushes.poll(request) : await this.pushes.stream(request, res);
    writeIf(res, answer);
  }
}

type Asking = Parameters<RequestReader['callerOf']>[0];

/** A request for something under `P/-/`, and what to do when it is nothing of ours. */
interface Served {
  readonly req: FrameworkRequest;
  readonly res: ServerResponse;
  readonly next: () => void;
}

/** @returns the answer, unless it has been streamed */
type Answering = (request: HttpRequest) => Soon<HttpResponse | undefined>;

const NOT_FOUND: HttpResponse = { status: 404, headers: {}, body: '' };

const ownName = (path: string, prefix: string): string | undefined => {
  if (path === `${prefix}/-/joins`) {
    return '';
  }
  const rest = path.startsWith(`${prefix}/`) ? path.slice(prefix.length + 1).replace(/\/stream$/, '') : '';
  return rest === '' || rest.includes('/') ? undefined : rest;
};

const toHttpRequest = (request: FrameworkRequest, name: string, body = request.body): HttpRequest => ({
  method: request.method as HttpRequest['method'],
  name,
  headers: request.headers,
  query: request.query as Record<string, unknown>,
  body,
  encrypted: (request.socket as Partial<TLSSocket>).encrypted === true,
  original: request,
});

const send = (reply: FastifyReplyLike, { status, headers, body }: HttpResponse): FastifyReplyLike =>
  reply.code(status).headers(NO_SNIFFING).headers(headers).send(body);

type Written = Omit<HttpResponse, 'body'> & { readonly body: string | Buffer };

const write = (res: ServerResponse, { status, headers, body }: Written): void => {
  res.setHeader('x-content-type-options', NO_SNIFFING['x-content-type-options']);
  for (const [name, value] of Object.entries(headers)) {
    res.appendHeader(name, value);
  }
  res.statusCode = status;
  res.end(body);
};

const writeIf = (res: ServerResponse, answer: HttpResponse | undefined): void => {
  if (answer) {
    write(res, answer);
  }
};

/* The parts of the two frameworks used here, so that neither leaks into this package's types. */

interface ExpressRequest extends IncomingMessage {
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly query: unknown;
  readonly body?: unknown;
}

type ExpressHandler = (req: ExpressRequest, res: ServerResponse, next: () => void) => unknown;

interface ExpressLike {
  get(path: string, handler: ExpressHandler): void;
  post(path: string, handler: ExpressHandler): void;
  delete(path: string, handler: ExpressHandler): void;
  use(handler: (error: Error, req: ExpressRequest, res: ServerResponse, next: (error: Error) => void) => void): void;
}
