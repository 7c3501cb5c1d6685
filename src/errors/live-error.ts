import { IntrinsicException } from '@nestjs/common';

import { CATALOGUE, type Consumption, type LiveErrorCode } from './catalogue.js';

/** What a refusal carries besides its code. Only `retryAfterMs`, `expected` and `fields` are shown to the client. */
export interface LiveErrorDetails {
  /** When to try again, in milliseconds. */
  readonly retryAfterMs?: number;
  /** The sequence number the server waits for (`SEQ_GAP`). */
  readonly expected?: number;
  /** Messages by field path (`VALIDATION_FAILED`), and what is beyond which limit (`BAD_FRAME`, `TOO_LARGE`). */
  readonly fields?: Readonly<Record<string, readonly string[]>>;
  /** Nothing may try it again, whatever its code says: the number of the event is used up. */
  readonly final?: true;
  /** Something in front of us has refused the request, under this status: no number was used up, whatever the code says. */
  readonly unreached?: { readonly status: number };
  /** The error behind this one; logged, never sent. */
  readonly cause?: unknown;
}

/**
 * A coded refusal. The code decides status, retry and consumption; the message is for the developer: it is
 * logged, and told in development. Otherwise the client reads the catalogue's own sentence alone. Intrinsic, so that Nest does not log each refusal as a crash.
 */
export class LiveError extends IntrinsicException {
  override readonly name: string = 'LiveError';
  readonly details: LiveErrorDetails;

  constructor(
    readonly code: LiveErrorCode,
    reason: string = CATALOGUE[code].message,
    details: LiveErrorDetails = {},
  ) {
    super(reason, 'cause' in details ? { cause: details.cause } : undefined);
    this.details = details;
  }

  get status(): number {
    return this.details.unreached?.status ?? CATALOGUE[this.code].status;
  }

  get retryable(): boolean {
    return !this.details.final && CATALOGUE[this.code].retryable;
  }

  get consumed(): Consumption {
    return this.details.final ?? (this.details.unreached ? false : CATALOGUE[this.code].consumed);
  }
}
