import { Logger } from '@nestjs/common';

import type { LiveErrorCode } from '../errors/catalogue.js';
import type { LiveError } from '../errors/live-error.js';
import { type ClientAddress } from '../protocol/client-address.js';
import type { ErrorReply } from '../protocol/envelope.js';
import { wholeRequest } from '../protocol/request-in-waiting.js';
import type { AuditEntry, AuditLog } from './audit-log.js';
import { auditKindOf } from './audit-kind.js';
import { LogLine } from './log-line.js';
import type { Metrics, Trace } from './metrics.js';
import { Repeats } from './repeats.js';

/** What the log needs to know of a refused request. */
export interface LogSubject {
  readonly kind: string;
  readonly transport: string;
  readonly envelope: { readonly component?: string; readonly event?: string; readonly component_id?: string };
  readonly held?: { readonly id: string; readonly component: string };
  readonly caller?: { readonly id: string; readonly sessionId: string; readonly isAuthenticated: boolean };
  /** The HTTP request or the handshake: its address tells anonymous callers apart. */
  readonly request?: object;
  readonly trace?: Trace;
}

export interface LiveLogOptions {
  readonly node: string;
  /** How long equal refusals are counted instead of written, in milliseconds; 0 writes each. */
  readonly repeatMs: number;
  readonly address: ClientAddress;
  /** Whoever is refused is told the reason, too. */
  readonly tellsReasons: boolean;
}

type Level = 'debug' | 'warn' | 'error';

interface Line {
  readonly level: Level;
  readonly fields: object;
}

/** Somebody may be trying: kept apart from ordinary mistakes. */
const TAMPERING: ReadonlySet<LiveErrorCode> = new Set(['STATE_INVALID', 'PROP_LOCKED', 'ORIGIN_REJECTED', 'BAD_FRAME']);

/** A page or a deployment is over a bound: its developer has to know. */
const BOUNDS: ReadonlySet<LiveErrorCode> = new Set(['TOO_MANY_INSTANCES', 'TOO_MANY_SUBSCRIPTIONS']);

const MAX_REASON = 400;

/** One structured line per refused request, and what is a security event to the audit; never payload, state, token or cookie. */
export class LiveLog {
  private readonly logger = new Logger('Live');
  private readonly repeats: Repeats<Line>;
  private readonly floods: Repeats<AuditEntry>;

  constructor(
    private readonly metrics: Metrics,
    private readonly auditLog: AuditLog,
    private readonly options: LiveLogOptions,
  ) {
    this.repeats = new Repeats(options.repeatMs, ({ level, fields }, repeats) =>
      this.logger[level](LogLine.of({ ...fields, repeats })),
    );
    this.floods = new Repeats(options.repeatMs, (entry, repeats) => this.audit({ ...entry, repeats }));
  }

  /** @returns the reply as it is told: in development with its reason */
  refused(error: LiveError, reply: ErrorReply, subject: LogSubject): ErrorReply {
    const { code, message } = error;
    const { ref } = reply.error;
    const { transport, kind, trace } = subject;
    this.metrics.refusals.add(transport, code);
    if (code === 'STATE_INVALID') {
      this.metrics.stateInvalid.add();
    }
    const level = levelOf(error);
    const who = this.who(subject);
    const about = {
      ref,
      code,
      component: LogLine.cut(subject.held?.component ?? subject.envelope.component),
      instance: LogLine.hash8(subject.held?.id ?? subject.envelope.component_id),
      event: LogLine.cut(subject.envelope.event),
      principal: LogLine.hash8(who.principal),
      node: this.options.node,
    };
    const reason = LogLine.cut(message, MAX_REASON) ?? '';
    const fields = { ...about, ms: elapsed(trace), attempt: trace?.attempt, kind, transport, reason };
    // Two faults of ours in one component are two faults: the reason tells them apart.
    const own = level === 'error' ? `|${about.event}|${reason}` : '';
    if (this.repeats.isFirst(`${code}|${about.component}|${who.key}${own}`, code, { level, fields })) {
      this.write(level, fields, error);
    }
    const audited = auditKindOf(error);
    if (audited) {
      const entry = { kind: audited, at: new Date().toISOString(), ...about, reason, address: who.address };
      // Anybody can make any number of these.
      if (this.floods.isFirst(`${audited}|${transport}|${who.key}`, audited, entry)) {
        this.audit(entry);
      }
    }
    return this.options.tellsReasons ? withReason(reply, reason) : reply;
  }

  /** A security event that is no refusal of a request. */
  noted(kind: AuditEntry['kind'], reason: string): void {
    const { node } = this.options;
    this.audit({ kind, at: new Date().toISOString(), node, reason: LogLine.cut(reason, MAX_REASON) ?? '' });
  }

  /** Writes what is still counted. */
  close(): void {
    this.repeats.close();
    this.floods.close();
  }

  private write(level: Level, fields: object, error: LiveError): void {
    const line = LogLine.of(fields);
    if (level === 'error') {
      this.logger.error(line, LogLine.stackOf(error.cause instanceof Error ? error.cause : error));
      return;
    }
    this.logger[level](line);
  }

  private audit(entry: AuditEntry): void {
    const failed = (error: unknown): void =>
      this.logger.error(`the audit log failed: ${error instanceof Error ? error.message : typeof error}`);
    try {
      Promise.resolve(this.auditLog.record(entry)).catch(failed);
    } catch (error) {
      failed(error);
    }
  }

  // An anonymous caller without a cookie is somebody new each time: only the address stays the same.
  private who({ caller, request }: LogSubject): { principal?: string; key: string; address?: string } {
    const address = request && this.options.address.shown(wholeRequest(request));
    const principal = caller && (caller.id || caller.sessionId);
    return { principal, address, key: (caller?.isAuthenticated ? principal : address) ?? principal ?? '' };
  }
}

/** What is wrong with which field says more. */
const withReason = (reply: ErrorReply, reason: string): ErrorReply => {
  const { error } = reply;
  return error.fields || reason === error.message
    ? reply
    : { ...reply, error: { ...error, message: `${error.message} [${reason}]` } };
};

const levelOf = ({ code, status, retryable, details }: LiveError): Level => {
  if (status >= 500 && !retryable) {
    return 'error';
  }
  // Who has written too much has forged nothing.
  const isForged = TAMPERING.has(code) && !(code === 'BAD_FRAME' && details.fields);
  return isForged || BOUNDS.has(code) || details.unreached || status >= 500 ? 'warn' : 'debug';
};

const elapsed = (trace: Trace | undefined): number | undefined =>
  trace && Math.round((performance.now() - trace.startedAt) * 10) / 10;
