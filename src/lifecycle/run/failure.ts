import { randomBytes } from 'node:crypto';

import { HttpException } from '@nestjs/common';
import { WsException } from '@nestjs/websockets';

import { isDetailed, refusedFields, saidOf } from '../../component/refused-fields.js';
import { CATALOGUE, type LiveErrorCode } from '../../errors/catalogue.js';
import { LiveError } from '../../errors/live-error.js';
import type { ErrorReply } from '../../protocol/envelope.js';

/** What an unknown throw becomes where it was thrown. */
export type FailurePlace = 'author' | 'module';

/** What is the caller's mistake in no way that has a code of its own is a value that does not fit. */
const BY_STATUS = new Map<number, LiveErrorCode>([
  [401, 'UNAUTHENTICATED'],
  [402, 'FORBIDDEN'],
  [403, 'FORBIDDEN'],
  [404, 'RECORD_NOT_FOUND'],
  [408, 'HANDLER_TIMEOUT'],
  [409, 'RECORD_CHANGED'],
  [410, 'RECORD_NOT_FOUND'],
  [412, 'RECORD_CHANGED'],
  [413, 'STATE_TOO_LARGE'],
  [429, 'RATE_LIMITED'],
  [451, 'FORBIDDEN'],
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
  const { status, said } = answerOf(thrown) ?? {};
  if (status !== undefined) {
    return fromAnswer(thrown as Error, { status, said, anonymous });
  }
  if (thrown instanceof RangeError && thrown.message.includes('call stack')) {
    return new LiveError('BAD_FRAME', 'data overflowed the stack', { cause: thrown });
  }
  return undefined;
};

/** What an exception of Nest's says, and under which HTTP status. */
interface Exception {
  readonly status: number;
  readonly said: unknown;
}

/** `WsException` has no status: what it carries may say one, or what is wrong with which field. */
const answerOf = (thrown: unknown): Exception | undefined => {
  if (thrown instanceof HttpException) {
    return { status: thrown.getStatus(), said: thrown.getResponse() };
  }
  if (!(thrown instanceof WsException)) {
    return undefined;
  }
  const said = thrown.getError();
  const { status, statusCode } = said as { status?: unknown; statusCode?: unknown };
  const isRefusal = refusedFields(thrown) !== undefined || isDetailed(said);
  return { status: ([statusCode, status].find(Number.isInteger) as number) ?? (isRefusal ? 400 : 500), said };
};

const fromAnswer = (
  error: Error,
  { status, said, anonymous }: Exception & { readonly anonymous: boolean },
): LiveError => {
  const ofPipe = refusedFields(error);
  const named = BY_STATUS.get(status);
  // Pipes may refuse under any status the application likes: a value that does not fit is what it is.
  if ((named === undefined && status >= 400 && status < 500) || (ofPipe && isDetailed(said))) {
    const fields = ofPipe ?? saidOf(said);
    return new LiveError('VALIDATION_FAILED', error.message, { cause: error, fields });
  }
  const code = named ?? 'HANDLER_ERROR';
  return new LiveError(code === 'FORBIDDEN' && anonymous ? 'UNAUTHENTICATED' : code, error.message, { cause: error });
};

const describe = (thrown: unknown): string =>
  thrown instanceof Error ? String(thrown.message) : `a ${typeof thrown} was thrown`;

/** What the catalogue says of the code, where it fits. */
const sentenceOf = ({ code, details: { final, fields } }: LiveError): string => {
  // The catalogue's sentence may promise another try.
  if (final) return 'Somebody else changed this meanwhile. Nothing was changed.';
  return code === 'BAD_FRAME' && fields ? CATALOGUE.TOO_LARGE.message : CATALOGUE[code].message;
};

/** The answer to a refused request: catalogue text, a correlation id, nothing from inside. */
export const refusal = (
  error: LiveError,
  { id, seq }: { readonly id?: string; readonly seq?: number } = {},
): ErrorReply => {
  const { retryable, consumed } = error;
  const { retryAfterMs, expected, fields } = error.details;
  return {
    ok: false,
    ...(id === undefined ? {} : { component_id: id }),
    ...(seq === undefined ? {} : { seq }),
    error: {
      code: error.code,
      message: sentenceOf(error),
      retryable,
      consumed,
      ref: randomBytes(6).toString('base64url'),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(expected === undefined ? {} : { expected }),
      ...(fields === undefined ? {} : { fields }),
    },
  };
};
