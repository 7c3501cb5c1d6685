import { IncomingMessage, ServerResponse } from 'node:http';

import { Inject, Injectable, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

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
  private readonly underWay = new WeakMap<object, (passed: Passed) => void>();
  private isTold = false;
  private isAstray = false;

  constructor(
    private readonly host: HttpAdapterHost,
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
    const serve = this.server();
    if (!serve) {
      return { request: from };
    }
    const request = this.copyOf(from);
    const response = new ServerResponse(request);
    return new Promise<Passed>((resolve) => {
      const late = setTimeout(() => resolve({ status: NO_ANSWER }), PATIENCE_MS).unref();
      const settle = (passed: Passed): void => {
        clearTimeout(late);
        resolve(passed);
      };
      this.underWay.set(request, settle);
      response.end = () => {
        settle({ status: response.statusCode });
        return response;
      };
      serve(request, response);
    });
  }

  /** @returns whether it was a handshake on its way */
  arrive(raw: object, request: object): boolean {
    const settle = this.underWay.get(raw);
    settle?.({ request });
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
      `A socket came to ${this.prefix}/-/socket on a server that knows none: app.init() without app.listen(), or a server made ` +
        'by hand. Pages go on over HTTP. Listen with app.listen(), or hand its upgrades on: ' +
        "server.on('upgrade', (...upgrade) => app.getHttpServer().emit('upgrade', ...upgrade)).",
    );
  }

  private server(): ((request: IncomingMessage, response: ServerResponse) => void) | undefined {
    const adapter = this.host.httpAdapter as HttpAdapterHost['httpAdapter'] | undefined;
    switch (adapter?.getType()) {
      case 'express':
        return adapter.getInstance<(request: IncomingMessage, response: ServerResponse) => void>();
      case 'fastify':
        return adapter.getInstance<FastifyLike>().routing;
      default:
        return undefined;
    }
  }

  /** Of its own: frameworks write on what they serve, and the handshake belongs to the socket's engine. */
  private copyOf({ socket, headers, rawHeaders, url = '', httpVersion }: IncomingMessage): IncomingMessage {
    const request = new IncomingMessage(socket);
    const [, query] = url.split('?', 2);
    request.httpVersion = httpVersion;
    request.httpVersionMajor = 1;
    request.httpVersionMinor = 1;
    request.rawHeaders = rawHeaders;
    request.headers = { ...headers };
    request.complete = true;
    request.method = 'GET';
    request.url = `${this.prefix}/-/socket${query === undefined ? '' : `?${query}`}`;
    request.push(null);
    return request;
  }
}

const isUpgrade = (raw: object): boolean =>
  (raw as Partial<IncomingMessage>).headers?.upgrade?.toLowerCase() === 'websocket';

interface FastifyLike {
  readonly routing: (request: IncomingMessage, response: ServerResponse) => void;
}
