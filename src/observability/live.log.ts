import { createHash } from 'node:crypto';

import { Injectable, Logger } from '@nestjs/common';

import type { LiveErrorCode } from '../errors/catalogue.js';
import type { LiveError } from '../errors/live-error.js';
import type { ErrorReply } from '../protocol/envelope.js';

/** What the log needs to know of a refused request. */
export interface LogSubject {
  readonly kind: string;
  readonly transport: string;
  readonly envelope: { readonly component?: string; readonly event?: string; readonly component_id?: string };
  readonly held?: { readonly id: string; readonly component: string };
}

/** Somebody may be trying: kept apart from ordinary mistakes. */
const TAMPERING: ReadonlySet<LiveErrorCode> = new Set(['STATE_INVALID', 'PROP_LOCKED', 'ORIGIN_REJECTED', 'BAD_FRAME']);

const MAX_CHARS = 128;

/** One structured line per refused request; never payload, state, token or cookie. */
@Injectable()
export class LiveLog {
  private readonly logger = new Logger('Live');

  refused(error: LiveError, { error: { ref } }: ErrorReply, subject: LogSubject): void {
    const line = JSON.stringify({
      ref,
      code: error.code,
      component: cut(subject.held?.component ?? subject.envelope.component),
      instance: hash8(subject.held?.id ?? subject.envelope.component_id),
      event: cut(subject.envelope.event),
      kind: subject.kind,
      transport: subject.transport,
      reason: cut(error.message, 400),
    });
    if (error.status >= 500 && !error.retryable) {
      const { cause } = error;
      this.logger.error(line, cause instanceof Error ? cause.stack : error.stack);
      return;
    }
    if (TAMPERING.has(error.code) || error.status >= 500) {
      this.logger.warn(line);
      return;
    }
    this.logger.debug(line);
  }
}

const cut = (text: string | undefined, length = MAX_CHARS): string | undefined => text?.slice(0, length);

const hash8 = (id: string | undefined): string | undefined =>
  id === undefined ? undefined : createHash('sha256').update(id).digest('hex').slice(0, 8);
