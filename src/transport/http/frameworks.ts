import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

/* As much of the frameworks as is used here, so that neither leaks into this package's types. */

export interface FrameworkRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly query: unknown;
  readonly body?: unknown;
  readonly socket: IncomingMessage['socket'];
  /** On Fastify. */
  readonly raw?: IncomingMessage;
}

interface FastifyRequestLike extends FrameworkRequest {
  readonly raw: IncomingMessage;
  readonly params: Record<string, string>;
}

export interface FastifyReplyLike {
  readonly raw: ServerResponse;
  hijack(): void;
  code(status: number): FastifyReplyLike;
  getHeader(name: string): unknown;
  headers(headers: Readonly<Record<string, string>>): FastifyReplyLike;
  send(body: string): FastifyReplyLike;
}

export type FastifyErrorHandler = (error: Error, request: FastifyRequestLike, reply: FastifyReplyLike) => void;

export interface FastifyLike {
  register(plugin: (scope: FastifyScope, options: unknown, done: () => void) => void): void;
  route(options: {
    method: string | string[];
    url: string;
    bodyLimit?: number;
    exposeHeadRoute?: boolean;
    handler: (request: FastifyRequestLike, reply: FastifyReplyLike) => unknown;
    errorHandler?: FastifyErrorHandler;
  }): void;
}

type Parsed = (error: Error | null, body?: unknown) => void;

interface FastifyScope extends FastifyLike {
  hasContentTypeParser(type: string): boolean;
  removeContentTypeParser(type: string): void;
  addContentTypeParser(
    type: string | string[],
    parse: (request: FastifyRequestLike, _: unknown, parsed: Parsed) => void,
  ): void;
}
