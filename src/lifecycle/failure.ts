import { randomBytes } from 'node:crypto';

import { HttpException } from '@nestjs/common';

import { CATALOGUE, type LiveErrorCode } from '../errors/catalogue.js';
import { LiveError } from '../errors/live-error.js';
import type { ErrorReply } from '../protocol/envelope.js';

/** What an unknown throw becomes where it was thrown. */
export type FailurePlace = 'author' | 'module';

const BY_STATUS = new Map<number, LiveErrorCode>([
  [400, 'VALIDATION_FAILED'],
  [401, 'UNAUTHENTICATED'],
  [404, 'RECORD_NOT_FOUND'],
  [409, 'RECORD_CHANGED'],
  [422, 'VALIDATION_FAILED'],
  [429, 'RATE_LIMITED'],
  [504, 'HANDLER_TIMEOUT'],
]);

/** Maps anything thrown to one coded refusal; never throws itself. */
export const toLiveError = (
  thrown: unknown,
  { anonymous, place }: { readonly anonymous: boolean; readonly place: FailurePlace },
): LiveError => {
  const code = place === 'author' ? 'HANDLER_ERROR' : 'INTERNAL';
  try {
    return known(thrown, anonymous) ?? new LiveError(code, describe(thrown), { cause: thrown });
  } catch {
    // Even looking at it throws: a proxy, an exception whose own methods fail.
    return new LiveError(code, 'something unreadable was thrown');
  }
};

const known = (thrown: unknown, anonymous: boolean): LiveError | undefined => {
  if (thrown instanceof LiveError) {
    return thrown;
  }
  if (thrown instanceof HttpException) {
    return fromHttp(thrown, anonymous);
  }
  if (thrown instanceof RangeError && thrown.message.includes('call stack')) {
    return new LiveError('BAD_FRAME', 'data overflowed the stack', { cause: thrown });
  }
  return undefined;
};

const fromHttp = (error: HttpException, anonymous: boolean): LiveError => {
  const status = error.getStatus();
  if (status === 403) {
    return new LiveError(anonymous ? 'UNAUTHENTICATED' : 'FORBIDDEN', error.message, { cause: error });
  }
  const code = BY_STATUS.get(status) ?? 'HANDLER_ERROR';
  const fields = code === 'VALIDATION_FAILED' ? fieldsOf(error.getResponse()) : undefined;
  return new LiveError(code, error.message, { cause: error, fields });
};

/** What `forbidNonWhitelisted` says, with the field's path in the second place. */
const UNDECLARED = /^(?:\S+\.)?property (\S+) should not exist$/;

/** Nest's own ValidationPipe answers a list of sentences that begin with the field's path. */
const fieldsOf = (response: string | object): Record<string, string[]> => {
  const messages = (response as { message?: unknown } | null)?.message;
  const fields: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  for (const message of Array.isArray(messages) ? messages : []) {
    if (typeof message === 'string') {
      const path = UNDECLARED.exec(message)?.[1] ?? message.split(' ', 1)[0];
      (fields[path] ??= []).push(message);
    }
  }
  return { ...fields };
};

const describe = (thrown: unknown): string =>
  thrown instanceof Error ? String(thrown.message) : `a ${typeof thrown} was thrown`;

/** The answer to a refused request: catalogue text, a correlation id, nothing from inside. */
export const refusal = (
  error: LiveError,
  { id, seq }: { readonly id?: string; readonly seq?: number } = {},
): ErrorReply => {
  const { retryable, consumed } = error;
  const { retryAfterMs, expected, fields, final } = error.details;
  // The catalogue's sentence may promise another try.
  const message = final ? 'Somebody else changed this meanwhile. Nothing was changed.' : CATALOGUE[error.code].message;
  return {
    ok: false,
    ...(id === undefined ? {} : { component_id: id }),
    ...(seq === undefined ? {} : { seq }),
    error: {
      code: error.code,
      message,
      retryable,
      consumed,
      ref: randomBytes(6).toString('base64url'),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(expected === undefined ? {} : { expected }),
      ...(fields === undefined ? {} : { fields }),
    },
  };
};
