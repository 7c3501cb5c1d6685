import { Injectable, Logger } from '@nestjs/common';

import { LogLine } from './log-line.js';

/** What somebody may have to answer for. */
export type AuditKind =
  /** A token of one caller was used by another. */
  | 'wrong-principal'
  /** A token signed with a key this node does not know, or no longer accepts. */
  | 'key-unknown'
  /** A token that is not ours, or no longer what we signed. */
  | 'bad-token'
  /** A value that only the server may set. */
  | 'locked-prop'
  /** Something was asked for under a login that is over. */
  | 'revoked-use'
  /** A request from a site that is not allowed. */
  | 'origin-refused'
  /** A message no client of ours sends. */
  | 'forged-message'
  /** A template was refused at start-up. */
  | 'template-refused'
  /** The application runs with a default loosened by its options. */
  | 'config-override';

export interface AuditEntry {
  readonly kind: AuditKind;
  /** When, as ISO 8601. */
  readonly at: string;
  readonly node: string;
  readonly reason: string;
  /** The reference that the client was given, too. */
  readonly ref?: string;
  readonly code?: string;
  readonly component?: string;
  /** First 8 hex digits of the instance id's SHA-256. */
  readonly instance?: string;
  readonly event?: string;
  /** First 8 hex digits of the SHA-256 of who asked. */
  readonly principal?: string;
  /** Network address of who asked, where it is known. */
  readonly address?: string;
  /** Set where equal entries are counted instead of written: how many more there were since the last one. */
  readonly repeats?: number;
}

/**
 * Where security events go: append-only. Refusals, of which anybody can make any number, are written once a minute for
 * each kind and caller, with a count of the rest. Implement it to send them elsewhere: `forRoot({ audit: MyAuditLog })`.
 * What it throws is logged and stops no request.
 */
export abstract class AuditLog {
  abstract record(entry: AuditEntry): void | Promise<void>;
}

/** Through Nest's logger, under the context `LiveAudit`: the kind, then the entry as JSON. */
@Injectable()
export class LoggerAuditLog extends AuditLog {
  private readonly logger = new Logger('LiveAudit');

  record({ kind, ...entry }: AuditEntry): void {
    this.logger.warn(`${kind} ${LogLine.of(entry)}`);
  }
}
