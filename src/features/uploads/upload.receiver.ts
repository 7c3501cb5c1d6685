import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';

import { Inject, Injectable } from '@nestjs/common';

import type { LiveErrorCode } from '../../errors/catalogue.js';
import { LiveError } from '../../errors/live-error.js';
import type { LiveCaller } from '../../lifecycle/caller/caller.js';
import type { Counter } from '../../observability/metric.js';
import { Metrics } from '../../observability/metrics.js';
import { displayName } from '../../uploads/file-name.js';
import { declaredKind, isAccepted, kindOfType } from '../../uploads/file-kinds.js';
import { isOfKind } from '../../uploads/file-sniffer.js';
import { UploadStore, type UploadDraft, type UploadRecord } from '../../uploads/upload-store.js';
import { UPLOAD_SETTINGS, type UploadSettings } from '../../uploads/uploads.options.js';
import type { UploadField } from './upload.decorator.js';
import { metered } from './upload.meter.js';
import { UploadTickets } from './upload.tickets.js';

/** A file as a page announces it. */
export interface Announced {
  readonly name: string;
  readonly size: number;
  /** As the browser says; may be empty. */
  readonly type: string;
}

/** Where announced files are to go. */
export interface Destination {
  readonly caller: LiveCaller;
  readonly instance: string;
  readonly component: string;
  readonly field: UploadField;
  /** The same event announces the same files again. */
  readonly eventKey: string;
}

export type Ticketed =
  | { readonly id: string; readonly token: string; readonly maxBytes: number }
  | { readonly code: LiveErrorCode; readonly name: string };

export interface Arriving {
  /** Where in the file the body begins. */
  readonly offset: number;
  readonly body: Readable;
  /** Bytes the body says it has. */
  readonly length?: number;
  /** More bodies follow this one. */
  readonly isPart?: boolean;
  /** Nobody knows how long the file is: it ends where the body ends. */
  readonly isOpenEnded?: boolean;
  readonly signal: AbortSignal;
}

interface Running {
  readonly controller: AbortController;
  readonly done: Promise<unknown>;
}

/** What cannot be gone on with is thrown away at once; its owner gets the room back. */
const FINAL: ReadonlySet<LiveErrorCode> = new Set(['UPLOAD_TOO_LARGE', 'UPLOAD_TYPE_REJECTED', 'SESSION_REVOKED']);

/** From an announced file to a whole one that is what it says. */
@Injectable()
export class UploadReceiver {
  private readonly running = new Map<string, Running>();
  private readonly bodies: Counter;

  constructor(
    private readonly store: UploadStore,
    private readonly tickets: UploadTickets,
    @Inject(UPLOAD_SETTINGS) private readonly settings: UploadSettings,
    metrics: Metrics,
  ) {
    const help = 'Bodies of uploads; code OK for a whole file, else that of the refusal.';
    this.bodies = metrics.counter('live_uploads_total', help, ['code']);
    metrics.gauge('live_running_uploads', 'Bodies that are arriving.', () => this.running.size);
  }

  /** Judged by what is said of it; its bytes are judged when they are here. */
  async announce(
    { caller, instance, component, field, eventKey }: Destination,
    file: Announced,
    index: number,
  ): Promise<Ticketed> {
    const name = displayName(file.name);
    const kind = declaredKind(name, file.type);
    if (!kind || !isAccepted(kind, field.types)) {
      return { code: 'UPLOAD_TYPE_REJECTED', name };
    }
    if (file.size > field.maxBytes) {
      return { code: 'UPLOAD_TOO_LARGE', name };
    }
    const { maxBytesPerCaller, tokenTtlMs, keepMs } = this.settings;
    const id = createHash('sha256').update(`${eventKey}\n${field.name}\n${index}`).digest('base64url');
    const { isStranger } = caller.owner;
    const plan = { id, instance, name, field: field.name, owner: this.tickets.ownerOf(caller), isStranger };
    const { size } = file;
    const expiresAt = Date.now() + tokenTtlMs;
    if ((await this.store.create({ ...plan, size, type: kind.type, expiresAt }, maxBytesPerCaller)) === 'QUOTA') {
      return { code: 'UPLOAD_QUOTA', name };
    }
    const ticket = { may: 'write', upload: id, instance, field: field.name, component } as const;
    // The file's own time is the shorter one, and counts from its last byte.
    const token = this.tickets.seal(ticket, caller, Math.max(tokenTtlMs, keepMs));
    return { id, token, maxBytes: size };
  }

  /** @throws LiveError `UPLOAD_TOKEN_INVALID` */
  async find(token: unknown, caller: LiveCaller): Promise<UploadRecord> {
    const { upload } = this.tickets.open(token, caller, 'write');
    const record = await this.store.find(upload);
    if (!record) {
      throw new LiveError('UPLOAD_TOKEN_INVALID', 'the file was thrown away, or its time is over');
    }
    return record;
  }

  /**
   * @returns how much of it is here now
   * @throws LiveError `UPLOAD_TOKEN_INVALID`, `UPLOAD_TOO_LARGE`, `UPLOAD_TYPE_REJECTED`, `UPLOAD_INCOMPLETE`, `STORE_UNAVAILABLE`
   */
  async receive(token: unknown, caller: LiveCaller, arriving: Arriving): Promise<UploadRecord> {
    const record = await this.find(token, caller);
    const { id, size } = record;
    const { offset, length = 0 } = arriving;
    if (record.complete) {
      // The answer was lost: whoever asks again brings nothing more.
      if (offset === size) {
        return record;
      }
      throw new LiveError('UPLOAD_TOKEN_INVALID', 'the file is whole');
    }
    try {
      if (offset + length > size) {
        throw new LiveError('UPLOAD_TOO_LARGE', `${offset + length} bytes are said of a file of ${size}`);
      }
      const write = (signal: AbortSignal): Promise<void> =>
        this.store.write(id, (draft) => this.take(draft, record, { ...arriving, signal }));
      await this.alone(id, arriving.signal, write);
    } catch (error) {
      this.bodies.add(error instanceof LiveError ? error.code : 'INTERNAL');
      if (error instanceof LiveError && FINAL.has(error.code)) {
        await this.discard([id]);
      }
      throw error;
    }
    const arrived = await this.find(token, caller);
    if (arrived.complete) {
      this.bodies.add('OK');
    }
    return arrived;
  }

  /** Ends it, wherever it is. */
  async cancel(token: unknown, caller: LiveCaller): Promise<void> {
    const { upload } = this.tickets.open(token, caller, 'write');
    await this.discard([upload]);
  }

  async discard(ids: Iterable<string>): Promise<void> {
    for (const id of ids) {
      await this.stop(id, new LiveError('UPLOAD_TOKEN_INVALID', 'it was cancelled'));
      await this.store.remove(id);
    }
  }

  private async take(draft: UploadDraft, { size, type }: UploadRecord, arriving: Arriving): Promise<void> {
    const { offset, body, isPart = false, isOpenEnded = false, signal } = arriving;
    if (draft.received !== offset) {
      throw new LiveError('UPLOAD_INCOMPLETE', `${draft.received} bytes are here`, { expected: draft.received });
    }
    const { idleMs, keepMs, tokenTtlMs } = this.settings;
    try {
      await draft.append(metered(body, { room: size - offset, idleMs, signal }));
    } finally {
      if (draft.received > offset && draft.received < size) {
        await draft.prolong(Date.now() + tokenTtlMs);
      }
    }
    if (draft.received < size && !isOpenEnded) {
      if (isPart) {
        return;
      }
      const message = `${draft.received} of ${size} bytes came`;
      throw new LiveError('UPLOAD_INCOMPLETE', message, { expected: draft.received });
    }
    const kind = kindOfType(type);
    if (!kind || !(await isOfKind(kind, () => draft.read()))) {
      throw new LiveError('UPLOAD_TYPE_REJECTED', `its bytes are no ${type}`);
    }
    await draft.finish({ extension: kind.extensions[0], expiresAt: Date.now() + keepMs, size: draft.received });
  }

  /** Whoever comes back after a cut does not wait until the dead connection is noticed. */
  private async alone(id: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    await this.stop(id, new LiveError('UPLOAD_INCOMPLETE', 'another connection goes on with it'));
    const controller = new AbortController();
    const done = work(AbortSignal.any([signal, controller.signal]));
    const running = { controller, done };
    this.running.set(id, running);
    try {
      await done;
    } finally {
      if (this.running.get(id) === running) {
        this.running.delete(id);
      }
    }
  }

  private async stop(id: string, reason: LiveError): Promise<void> {
    const running = this.running.get(id);
    running?.controller.abort(reason);
    // How it ends is told to whoever brought it.
    await running?.done.catch(() => undefined);
  }
}
