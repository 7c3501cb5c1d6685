import type { Readable } from 'node:stream';

import { LiveError } from '../../errors/live-error.js';
import type { UploadBytes } from '../../uploads/upload-store.js';

export interface Meter {
  /** Bytes that may still come. */
  readonly room: number;
  /** Longest pause between two chunks, in milliseconds. */
  readonly idleMs: number;
  /** Aborted with a coded reason. */
  readonly signal: AbortSignal;
}

/** So much is handed on at once, and waits while it is not asked for. */
const BATCH_BYTES = 256 * 1_024;
/** A chunk of one byte holds a hundred more. */
const BATCH_CHUNKS = 1_024;

/**
 * The bytes of a body, one chunk after the other, or as many at once as have come by then. What ends early is told apart: too much
 * (`UPLOAD_TOO_LARGE`), a reason of the signal's, and everything else that lets the sender go on later (`UPLOAD_INCOMPLETE`). The
 * body itself is left open, so that its sender can be answered.
 */
export const metered = (body: Readable, meter: Meter): Required<UploadBytes> => ({
  batches: () => batchesOf(body, meter),
  async *[Symbol.asyncIterator]() {
    for await (const batch of batchesOf(body, meter)) yield* batch;
  },
});

async function* batchesOf(body: Readable, meter: Meter): AsyncGenerator<readonly Uint8Array[]> {
  const inflow = new Inflow(body, meter);
  try {
    for (let batch = await inflow.next(); batch; batch = await inflow.next()) {
      yield batch;
    }
  } finally {
    inflow.leave();
  }
}

/** A body that flows into batches: one promise, one write for all that one look at the socket has brought. */
class Inflow {
  private chunks: Uint8Array[] = [];
  private bytes = 0;
  private left: number;
  private ended = false;
  private failure?: Error;
  private wake?: () => void;
  private readonly idle: NodeJS.Timeout;

  constructor(
    private readonly body: Readable,
    private readonly meter: Meter,
  ) {
    this.left = meter.room;
    this.idle = setTimeout(this.pauses, meter.idleMs);
    meter.signal.addEventListener('abort', this.stops, { once: true });
    body.on('data', this.takes).on('end', this.ends).on('error', this.breaks).on('close', this.closes);
    if (meter.signal.aborted) this.stops();
    if (body.readableEnded) this.ends();
    else if (body.destroyed) this.closes();
  }

  /** What has come meanwhile; nothing when that was all. */
  async next(): Promise<readonly Uint8Array[] | undefined> {
    while (this.bytes === 0 && !this.ended && !this.failure) {
      this.body.resume();
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    // What came before the end is kept, so that its sender goes on behind it.
    if (this.bytes === 0) {
      if (this.failure) throw this.failure;
      return undefined;
    }
    const batch = this.chunks;
    this.chunks = [];
    this.bytes = 0;
    if (!this.ended && !this.failure) this.body.resume();
    return batch;
  }

  leave(): void {
    clearTimeout(this.idle);
    this.meter.signal.removeEventListener('abort', this.stops);
    const { body } = this;
    body.pause();
    body.off('data', this.takes).off('end', this.ends).off('error', this.breaks).off('close', this.closes);
  }

  private readonly takes = (chunk: Uint8Array): void => {
    this.idle.refresh();
    this.left -= chunk.length;
    if (this.left < 0) {
      return this.fail(new LiveError('UPLOAD_TOO_LARGE', 'more bytes came than the file was announced with'));
    }
    this.chunks.push(chunk);
    this.bytes += chunk.length;
    if (this.bytes >= BATCH_BYTES || this.chunks.length >= BATCH_CHUNKS) this.body.pause();
    // The loop is still reading from the socket: what it finds there belongs to the same batch.
    if (this.chunks.length === 1) setImmediate(this.tells);
  };

  private readonly tells = (): void => {
    const { wake } = this;
    this.wake = undefined;
    wake?.();
  };

  private readonly ends = (): void => {
    this.ended = true;
    this.tells();
  };

  private readonly breaks = (cause: unknown): void => this.fail(cut('the connection ended', cause));

  private readonly closes = (): void => {
    if (!this.ended) this.breaks(this.body.errored);
  };

  private readonly stops = (): void => this.fail(this.meter.signal.reason as Error);

  /** A disk that takes its time is no pause of the sender's. */
  private readonly pauses = (): void => {
    if (this.bytes > 0 || this.body.isPaused()) this.idle.refresh();
    else this.fail(cut(`nothing came for ${this.meter.idleMs} ms`));
  };

  private fail(failure: Error): void {
    this.failure ??= failure;
    this.body.pause();
    this.tells();
  }
}

const cut = (reason: string, cause?: unknown): LiveError =>
  new LiveError('UPLOAD_INCOMPLETE', reason, { cause, retryAfterMs: 500 });
