import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';

import { Injectable } from '@nestjs/common';
import type { UploadInfo } from 'nest-live';

export interface Photo {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

const MAX_BYTES = 64 * 1024 * 1024;

/** Stands for wherever an application keeps its files. Here the oldest photos make room for new ones. */
@Injectable()
export class PhotoShelf {
  private readonly photos = new Map<string, Photo>();
  private size = 0;

  /** @returns the id it is kept under; nobody can guess it */
  async keep(stream: Readable, { name, type }: UploadInfo): Promise<string> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
    }
    const photo = { id: randomUUID(), name, type, bytes: Buffer.concat(chunks) };
    this.photos.set(photo.id, photo);
    this.size += photo.bytes.length;
    this.makeRoom();
    return photo.id;
  }

  find(ids: readonly string[]): readonly Photo[] {
    return ids.flatMap((id) => this.photos.get(id) ?? []);
  }

  private makeRoom(): void {
    for (const [id, { bytes }] of this.photos) {
      if (this.size <= MAX_BYTES) {
        return;
      }
      this.photos.delete(id);
      this.size -= bytes.length;
    }
  }
}
