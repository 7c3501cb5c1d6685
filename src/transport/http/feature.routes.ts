import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';

import { Injectable } from '@nestjs/common';

import type { OwnExchange } from '../../lifecycle/context/own-exchange.js';
import { isMultipart } from '../forms/multipart.reader.js';
import { FeatureEndpoint } from './feature.endpoint.js';

/** What says that a request has a body; without them no body parser looks for one. */
const BODY_HEADERS = ['content-length', 'transfer-encoding'] as const;

type Otherwise = (path: string, request: FastifyRequestLike, out: ServerResponse) => void;

/**
 * Routes of what features serve themselves, with the body as it comes from the network: behind the application's own
 * middleware, which knows who is there, and past its body parsers, which would keep all of it in memory.
 */
@Injectable()
export class FeatureRoutes {
  private readonly hidden = new WeakMap<IncomingMessage, IncomingHttpHeaders>();

  constructor(private readonly endpoint: FeatureEndpoint) {}

  /** Parsers that the application has added are in front of us, and would have read the body by then. */
  goFirst(app: ExpressLike, prefix: string): void {
    const own = `${prefix}/-/`;
    app.use((req, _res, next) => {
      const isOwn = req.path.startsWith(own) && this.endpoint.knows(req.path.slice(own.length).split('/', 1)[0]);
      if (isOwn || isFormWithFiles(req, prefix)) {
        this.hide(req);
      }
      next();
    });
    const { stack } = app.router;
    stack.unshift(stack.pop());
  }

  bindExpress(app: ExpressLike, prefix: string): void {
    const handler: ExpressHandler = (req, res, next) => {
      const { name, rest = '' } = req.params;
      if (!this.endpoint.knows(name)) {
        next();
        return;
      }
      this.restore(req);
      void this.endpoint.handle({ ...asked(req), name, rest, original: req, body: req }, res);
    };
    app.head(`${prefix}/-/:name`, handler);
    app.post(`${prefix}/-/:name`, handler);
    app.delete(`${prefix}/-/:name`, handler);
    app.get(`${prefix}/-/:name/:rest`, handler);
  }

  /** In a scope of its own: what the application has said of content types does not count there. */
  bindFastify(app: FastifyLike, prefix: string, otherwise: Otherwise): void {
    app.register((scope, _options, done) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null));
      const handler = (request: FastifyRequestLike, reply: FastifyReplyLike): void => {
        const { name, '*': rest = '' } = request.params;
        reply.hijack();
        if (!this.endpoint.knows(name)) {
          otherwise(rest === '' ? name : `${name}/${rest}`, request, reply.raw);
          return;
        }
        const { raw: body } = request;
        void this.endpoint.handle({ ...asked(request), name, rest, original: request, body }, reply.raw);
      };
      scope.route({ method: ['HEAD', 'POST', 'DELETE'], url: `${prefix}/-/:name`, handler });
      // Not by a name: parts of a path that have one are short there, and tokens are long.
      scope.route({ method: ['GET'], url: `${prefix}/-/:name/*`, handler });
      done();
    });
  }

  private hide(req: IncomingMessage): void {
    this.hidden.set(req, pick(req.headers));
    BODY_HEADERS.forEach((name) => delete req.headers[name]);
  }

  /** @returns whether no parser has seen the body */
  restore(req: IncomingMessage): boolean {
    const hidden = this.hidden.get(req);
    if (!hidden) {
      return false;
    }
    BODY_HEADERS.forEach((name) => (req.headers[name] = hidden[name]));
    return true;
  }
}

/** The form of a component, from a browser that runs no script. */
const isFormWithFiles = ({ method, path, headers }: ExpressRequest, prefix: string): boolean =>
  method === 'POST' &&
  isMultipart(headers) &&
  path.startsWith(`${prefix}/`) &&
  !path.slice(prefix.length + 1).includes('/');

const pick = ({
  'content-length': length,
  'transfer-encoding': encoding,
}: IncomingHttpHeaders): Pick<IncomingHttpHeaders, (typeof BODY_HEADERS)[number]> => ({
  'content-length': length,
  'transfer-encoding': encoding,
});

const asked = ({ method = 'GET', headers, socket }: Pick<IncomingMessage, 'method' | 'headers' | 'socket'>) => ({
  method: method as OwnExchange['method'],
  headers,
  encrypted: (socket as Partial<TLSSocket>).encrypted === true,
});

/* The parts of the two frameworks used here, so that neither leaks into this package's types. */

interface ExpressRequest extends IncomingMessage {
  readonly path: string;
  readonly params: Record<string, string>;
}

type ExpressHandler = (req: ExpressRequest, res: ServerResponse, next: () => void) => void;

export interface ExpressLike {
  readonly router: { readonly stack: unknown[] };
  use(handler: ExpressHandler): void;
  head(path: string, handler: ExpressHandler): void;
  post(path: string, handler: ExpressHandler): void;
  delete(path: string, handler: ExpressHandler): void;
  get(path: string, handler: ExpressHandler): void;
}

interface FastifyRequestLike {
  readonly raw: IncomingMessage;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly query: unknown;
  readonly socket: IncomingMessage['socket'];
  readonly params: Record<string, string>;
}

interface FastifyReplyLike {
  readonly raw: ServerResponse;
  hijack(): void;
}

interface FastifyScope {
  removeAllContentTypeParsers(): void;
  addContentTypeParser(
    type: string,
    parse: (request: unknown, payload: unknown, parsed: (error: null) => void) => void,
  ): void;
  route(options: {
    method: string[];
    url: string;
    handler: (request: FastifyRequestLike, reply: FastifyReplyLike) => void;
  }): void;
}

export interface FastifyLike {
  register(plugin: (scope: FastifyScope, options: unknown, done: () => void) => void): void;
}
