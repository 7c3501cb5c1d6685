import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';

import { drop, isFull, unavailable } from './disk.calls.js';
import { TOUCH_MS } from './disk.locks.js';
import type { UploadDraft } from './upload-store.js';

interface DraftSeams {
  /** So much will be here. @throws LiveError where there is no room for it */
  readonly grow: (received: number) => void;
  readonly prolong: UploadDraft['prolong'];
  readonly finish: UploadDraft['finish'];
  readonly touch: () => Promise<void>;
}

/** The unfinished file of one writer. */
export class DiskDraft implements UploadDraft {
  readonly prolong: UploadDraft['prolong'];
  readonly finish: UploadDraft['finish'];
  private readonly grow: DraftSeams['grow'];
  private readonly touch: () => Promise<void>;
  private touchedAt = performance.now();

  constructor(
    private readonly path: string,
    public received: number,
    { grow, prolong, finish, touch }: DraftSeams,
  ) {
    this.grow = grow;
    this.prolong = prolong;
    this.finish = finish;
    this.touch = touch;
  }

  /** A disk without room keeps nothing: half a file would only fill it further. */
  async append(chunks: AsyncIterable<Uint8Array>): Promise<number> {
    let file: FileHandle | undefined;
    try {
      for await (const chunk of chunks) {
        // The next chunk is asked for when this one is written: a slow disk slows its sender down.
        this.grow(this.received + chunk.length);
        file ??= await this.open();
        await this.write(file, chunk);
      }
    } catch (error) {
      if (isFull(error)) {
        await this.clear();
        throw unavailable(error);
      }
      throw error;
    } finally {
      await file?.close();
    }
    return this.received;
  }

  read(): Readable {
    return this.received === 0 ? Readable.from([]) : createReadStream(this.path);
  }

  async clear(): Promise<void> {
    await drop(this.path);
    this.received = 0;
    this.grow(0);
  }

  private open(): Promise<FileHandle> {
    return this.received === 0 ? this.fresh() : open(this.path, 'r+');
  }

  private async fresh(): Promise<FileHandle> {
    await drop(this.path);
    return open(this.path, 'wx', 0o600);
  }

  private async write(file: FileHandle, chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.length;) {
      const { bytesWritten } = await file.write(chunk, at, chunk.length - at, this.received);
      at += bytesWritten;
      this.received += bytesWritten;
    }
    if (performance.now() - this.touchedAt > TOUCH_MS) {
      this.touchedAt = performance.now();
      await this.touch();
    }
  }
}
