import { IncomingMessage, ServerResponse } from 'node:http';

import { Inject, Injectable, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

import { ResponseFacade } from '../../lifecycle/context/response-facade.js';
import { markMount, mountOf, PublicPath } from '../../protocol/public-path.js';
import { PREFIX } from '../prefix.js';

/** What came of it: the request as the application's middleware left it, or the status it was answered with. */
export type Passed = { readonly request: object } | { readonly status: number };

/** How long a middleware may take to pass a handshake on, in milliseconds. */
const PATIENCE_MS = 5_000;

/** As statuses go: nobody has answered, and nobody has passed it on. */
const NO_ANSWER = 504;

/**
 * Takes the handshake of a socket the way of every other request: through the application's middleware and hooks, up to
 * a route of ours. So a socket knows what a page knows (`session`, `cookies`, `user`), on Express and on Fastify.
 */
@Injectable()
export class HandshakePassage {
  private readonly logger = new Logger('Live');
  private readonly underWay = new WeakMap<object, Settle>();
  /** Under which Express's router keeps what it knows of a request: names of its own, that are seen only on the first it has served. */
  private routerNames?: readonly symbol[];
  private isTold = false;
  private isAstray = false;

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly path: PublicPath,
    @Inject(PREFIX) private readonly prefix: string,
  ) {}

  /** The request for a socket: that of the framework, or the bare handshake where a middleware keeps it to itself. */
  async of(handshake: IncomingMessage): Promise<object> {
    const passed = await this.pass(handshake);
    if ('request' in passed) {
      return passed.request;
    }
    if (!this.isTold) {
      this.isTold = true;
      this.logger.warn(
        `The application's middleware answered a socket's handshake with ${passed.status} instead of passing it on: the ` +
          `socket goes on without what middleware finds out. Let GET ${this.prefix}/-/socket through.`,
      );
    }
    return handshake;
  }

  /** The same way for any headers: who would a socket be that came with them? */
  async pass(from: IncomingMessage): Promise<Passed> {
    const way = this.wayOf(from);
    if (!way) {
      return { request: from };
    }
    const { serve, front, writes } = way;
    const request = this.copyOf(from, front);
    for (const name of [...writes, ...(this.routerNames ?? [])]) Reflect.set(request, name, undefined);
    const response = new ServerResponse(request);
    const passed = new Promise<Passed>((resolve) => {
      const late = setTimeout(() => resolve({ status: NO_ANSWER }), PATIENCE_MS).unref();
      this.underWay.set(request, (outcome) => {
        clearTimeout(late);
        this.underWay.set(request, settled);
        // Once, whatever a router makes anew for each request: these, too, stand on the next one before.
        if (writes.length > 0) this.routerNames ??= namesOfRouter(request);
        resolve(outcome);
      });
    });
    response.end = this.ended;
    serve(request, response);
    return passed;
  }

  /** What answers a handshake sends nothing: its status is all that is asked for. */
  private readonly ended = ((passage) =>
    function (this: ServerResponse) {
      passage.underWay.get(this.req)?.({ status: this.statusCode });
      return this;
    })(this);

  /** @returns whether it was a handshake on its way */
  arrive(raw: object, request: object): boolean {
    const settle = this.underWay.get(raw);
    settle?.({ request: withoutWay(request) });
    if (!settle && isUpgrade(raw)) {
      this.tellAstray();
    }
    return settle !== undefined;
  }

  /** A server without sockets of ours takes a handshake for a request like any other. */
  private tellAstray(): void {
    if (this.isAstray) {
      return;
    }
    this.isAstray = true;
    this.logger.warn(
      `A socket came to ${this.prefix}/-/socket on a server that knows none: app.init() without app.listen(), a server made ` +
        'by hand, or an Express application that has mounted this one. Pages go on over HTTP. Listen with app.listen(), or hand its upgrades on: ' +
        "server.on('upgrade', (...upgrade) => app.getHttpServer().emit('upgrade', ...upgrade)).",
    );
  }

  private wayOf(from: IncomingMessage): Way | undefined {
    const adapter = this.host.httpAdapter as HttpAdapterHost['httpAdapter'] | undefined;
    const front = this.path.front(from);
    switch (adapter?.getType()) {
      case 'express': {
        const app = adapter.getInstance<ExpressLike>();
        if (mountOf(from) === undefined) {
          return { serve: app, front, writes: EXPRESS };
        }
        // Whoever has mounted this application knows more of its visitors than this one is told.
        return front === app.path()
          ? { serve: outermost(app), front, writes: EXPRESS }
          : { serve: app, front: '', writes: EXPRESS };
      }
      case 'fastify':
        return { serve: adapter.getInstance<FastifyLike>().routing, front, writes: [] };
      default:
        return undefined;
    }
  }

  /** Of its own: frameworks write on what they serve, and the handshake belongs to the socket's engine. */
  private copyOf(from: IncomingMessage, front: string): IncomingMessage & Written {
    const { socket, headers, rawHeaders, url = '', httpVersion } = from;
    const request: IncomingMessage & Written = new IncomingMessage(socket);
    const [, query] = url.split('?', 2);
    request.httpVersion = httpVersion;
    request.httpVersionMajor = 1;
    request.httpVersionMinor = 1;
    request.rawHeaders = rawHeaders;
    request.headers = { ...headers };
    request.complete = true;
    request.method = 'GET';
    request.url = `${front}${this.prefix}/-/socket${query === undefined ? '' : `?${query}`}`;
    const mount = mountOf(from);
    if (mount !== undefined) {
      markMount(request, mount);
    }
    request.push(null);
    return request;
  }
}

/**
 * Express gives each request another prototype. What comes to an object after that gives it a shape of its own, three times its
 * weight: what Express puts there stands there before.
 */
const EXPRESS = ['res', 'next', 'baseUrl', 'originalUrl', '_parsedUrl', 'params', 'route', 'body'] as const;

const namesOfRouter = (served: object): readonly symbol[] =>
  Object.getOwnPropertySymbols(served).filter(({ description }) => description?.startsWith('router.'));

type Written = Partial<Record<(typeof EXPRESS)[number], unknown>>;

/** It stays settled: what comes later is still no request like any other. */
const settled: Settle = () => undefined;

/**
 * A socket's request lives as long as the socket: it lets go of what Express has put there for the way, which is several times
 * its weight. Its response answers nothing any more: it is what guards find as the response of every message.
 */
const withoutWay = (request: OnItsWay): object => {
  if (request.next) request.next = undefined;
  if (request.res) request.res = new ResponseFacade({ ...request.res.locals });
  return request;
};

const isUpgrade = (raw: object): boolean =>
  (raw as Partial<IncomingMessage>).headers?.upgrade?.toLowerCase() === 'websocket';

const outermost = (app: ExpressLike): ExpressLike => (app.parent ? outermost(app.parent) : app);

interface Way {
  readonly serve: Serve;
  /** What it expects in front of our own path. */
  readonly front: string;
  /** What it puts on every request. */
  readonly writes: readonly (keyof Written)[];
}

type Settle = (passed: Passed) => void;

interface OnItsWay {
  next?: unknown;
  res?: { readonly locals?: Record<string, unknown> };
}

type Serve = (request: IncomingMessage, response: ServerResponse) => void;

interface ExpressLike extends Serve {
  readonly parent?: ExpressLike;
  path(): string;
}

interface FastifyLike {
  readonly routing: Serve;
}
