import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';

import { drop, isFull, unavailable } from './disk.calls.js';
import { TOUCH_MS } from './disk.locks.js';
import type { UploadBytes, UploadDraft } from './upload-store.js';

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
  async append(bytes: UploadBytes): Promise<number> {
    let file: FileHandle | undefined;
    try {
      for await (const some of bytes.batches?.() ?? bytes) {
        // The next ones are asked for when these are written: a slow disk slows its sender down.
        const chunks = some instanceof Uint8Array ? [some] : some;
        this.grow(chunks.reduce((sum, { length }) => sum + length, this.received));
        file ??= await this.open();
        await this.write(file, chunks);
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

  private async write(file: FileHandle, chunks: readonly Uint8Array[]): Promise<void> {
    for (let left = chunks; left.length > 0;) {
      const { bytesWritten } = await file.writev(left, this.received);
      this.received += bytesWritten;
      left = behind(left, bytesWritten);
    }
    if (performance.now() - this.touchedAt > TOUCH_MS) {
      this.touchedAt = performance.now();
      await this.touch();
    }
  }
}

/** What is left of them when so many bytes are written. */
const behind = (chunks: readonly Uint8Array[], written: number): readonly Uint8Array[] => {
  let at = 0;
  let rest = written;
  while (at < chunks.length && chunks[at].length <= rest) {
    rest -= chunks[at].length;
    at += 1;
  }
  return at === chunks.length ? [] : [chunks[at].subarray(rest), ...chunks.slice(at + 1)];
};
