import type { Readable } from 'node:stream';

import { Injectable } from '@nestjs/common';

import { LiveError } from '../../errors/live-error.js';
import type { LiveContext } from '../../lifecycle/context/live.context.js';
import type { Mutable } from '../../protocol/mutable.js';
import { UploadStore } from '../../uploads/upload-store.js';
import type { Upload } from './upload.decorator.js';
import { UploadFields } from './upload.fields.js';

/** What a handler needs to know to keep a file somewhere. */
export interface UploadInfo extends Pick<Upload, 'name' | 'size' | 'type'> {
  /** Extension that goes with the type, without a dot. */
  readonly extension: string;
  /** The same for one event however often it is run: names what is kept, so that it is kept once. */
  readonly key: string;
}

/** Events that have consumed something and are not saved yet; more than run at once. */
const MAX_PENDING = 1_000;

/** Hands the files of `@Upload()` fields to whoever keeps them. */
@Injectable()
export class Uploads {
  /** Results by event and file, so that an event which is run again after a conflict does not consume anew. */
  private readonly results = new Map<string, Map<string, unknown>>();
  private readonly claimed = new WeakMap<LiveContext, Set<string>>();
  /** Saved or failed; what still runs of them, late or not waited for, consumes nothing. */
  private readonly over = new WeakSet<LiveContext>();

  constructor(
    private readonly store: UploadStore,
    private readonly fields: UploadFields,
  ) {}

  /**
   * Streams a file of the component's own field into `receive`, once. It counts as consumed when the event is saved: where
   * `receive` or the handler throws, the file stays and may be consumed by another event.
   * @param upload an entry of the field itself, in a handler of an event
   * @returns what `receive` returns
   * @throws LiveError `UPLOAD_TOKEN_INVALID` when it was consumed before, by whatever event, or is past its time
   */
  async consume<T>(upload: Upload, receive: (stream: Readable, info: UploadInfo) => Promise<T> | T): Promise<T> {
    const ctx = this.fields.interactionOf(upload);
    const { eventKey } = ctx ?? {};
    if (!ctx || eventKey === undefined) {
      throw invalid('it is no entry of an @Upload() field in a handler of an event');
    }
    if (upload.state !== 'ready') {
      throw invalid('the file was consumed before');
    }
    const { id } = upload;
    if ((await this.store.claim(id, eventKey)) !== 'OK') {
      throw invalid('the file is consumed by another event, or its time is over');
    }
    try {
      if (!this.results.get(eventKey)?.has(id)) {
        this.checkTime(ctx);
        const result = await this.stream(upload, eventKey, receive);
        this.checkTime(ctx);
        this.keep(eventKey, id, result);
      }
    } catch (error) {
      await this.store.release(id, eventKey);
      throw error;
    }
    this.mark(ctx, upload);
    return this.results.get(eventKey)?.get(id) as T;
  }

  /** For the feature: files consumed in this interaction. */
  consumedIn(ctx: LiveContext): ReadonlySet<string> {
    return this.claimed.get(ctx) ?? NOBODY;
  }

  /** For the feature: nothing of the interaction is saved, so none of its runs has consumed anything. */
  async giveBack(ctx: LiveContext): Promise<void> {
    await this.release(ctx, NOBODY);
  }

  /** For the feature: the interaction is saved, and with it what its last run consumed. */
  async keepConsumed(ctx: LiveContext): Promise<void> {
    await this.release(ctx, this.consumedIn(ctx));
  }

  private async release(ctx: LiveContext, consumed: ReadonlySet<string>): Promise<void> {
    const { eventKey = '' } = ctx;
    this.over.add(ctx);
    const ids = [...(this.results.get(eventKey)?.keys() ?? [])];
    this.results.delete(eventKey);
    for (const id of ids.filter((one) => !consumed.has(one))) {
      await this.store.release(id, eventKey);
    }
  }

  /** @throws LiveError `UPLOAD_TOKEN_INVALID` */
  private checkTime(ctx: LiveContext): void {
    if (this.over.has(ctx)) {
      throw invalid('its event is over');
    }
  }

  private async stream<T>(
    { id, name, size, type }: Upload,
    eventKey: string,
    receive: (stream: Readable, info: UploadInfo) => Promise<T> | T,
  ): Promise<T> {
    const record = await this.store.find(id);
    const stream = await this.store.read(id);
    try {
      return await receive(stream, {
        name,
        size,
        type,
        extension: record?.extension ?? 'bin',
        key: `${eventKey}:${id}`,
      });
    } finally {
      stream.destroy();
    }
  }

  private mark(ctx: LiveContext, upload: Mutable<Upload>): void {
    upload.state = 'used';
    delete upload.preview;
    this.claimed.set(ctx, (this.claimed.get(ctx) ?? new Set()).add(upload.id));
  }

  private keep(eventKey: string, id: string, result: unknown): void {
    const [oldest] = this.results.keys();
    if (oldest !== undefined && this.results.size >= MAX_PENDING) {
      this.results.delete(oldest);
    }
    this.results.set(eventKey, (this.results.get(eventKey) ?? new Map<string, unknown>()).set(id, result));
  }
}

const NOBODY: ReadonlySet<string> = new Set();

const invalid = (reason: string): LiveError => new LiveError('UPLOAD_TOKEN_INVALID', reason);
