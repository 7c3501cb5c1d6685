import { HttpException } from '@nestjs/common';

import type { LiveErrorCode } from '../../errors/catalogue.js';
import { LiveError } from '../../errors/live-error.js';

/** Codes of Fastify's own parsers begin so. */
const OF_FASTIFY = 'FST_ERR_CTP_';

const BY_STATUS = new Map<number, LiveErrorCode>([
  [401, 'UNAUTHENTICATED'],
  [404, 'UNKNOWN_COMPONENT'],
  [413, 'TOO_LARGE'],
  [429, 'RATE_LIMITED'],
  [503, 'OVERLOADED'],
]);

interface AnyError extends Error {
  readonly status?: unknown;
  readonly statusCode?: unknown;
  readonly code?: unknown;
  /** Of the parsers that Express applications use. */
  readonly type?: unknown;
  readonly headers?: Readonly<Record<string, unknown>>;
}

/** What has kept a request from coming to us: a body that no parser could read, or a middleware of the application. */
export const refusedOnTheWay = (error: AnyError, pause?: unknown): LiveError => {
  if (error instanceof LiveError) {
    return error;
  }
  const status = statusOf(error);
  if (isOfParser(error, status)) {
    // A parser's own message quotes the body: it stays out of the log.
    return status === 413
      ? new LiveError('TOO_LARGE', 'the body is larger than its parser takes', { cause: error })
      : new LiveError('BAD_FRAME', 'the body cannot be read', { cause: error });
  }
  const named = typeof error.code === 'string' ? `${error.name}, ${error.code}` : error.name;
  return new LiveError(
    BY_STATUS.get(status) ?? (status < 500 ? 'FORBIDDEN' : 'INTERNAL'),
    `middleware of the application has refused it with ${status} (${named}): ${error.message}`,
    { cause: error, unreached: { status }, retryAfterMs: msOf(pauseOf(error) ?? pause) },
  );
};

const statusOf = (error: AnyError): number => {
  const said =
    (error as unknown) instanceof HttpException
      ? (error as unknown as HttpException).getStatus()
      : (error.status ?? error.statusCode);
  return typeof said === 'number' && said >= 400 && said < 600 ? said : 500;
};

const isOfParser = ({ name, code, type }: AnyError, status: number): boolean =>
  (typeof code === 'string' && code.startsWith(OF_FASTIFY)) ||
  (typeof type === 'string' && /^(?:entity|encoding|charset|request|stream|parameters|querystring)\./.test(type)) ||
  ((name === 'SyntaxError' || name === 'URIError') && status === 400);

const pauseOf = ({ headers = {} }: AnyError): unknown =>
  Object.entries(headers).find(([name]) => name.toLowerCase() === 'retry-after')?.[1];

const msOf = (pause: unknown): number | undefined => {
  const seconds = Number(pause ?? NaN);
  return seconds > 0 && Number.isFinite(seconds) ? seconds * 1_000 : undefined;
};
