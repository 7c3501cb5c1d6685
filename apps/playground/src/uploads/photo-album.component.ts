import { Computed, LiveComponent, OnEvent, State, Temporary, Upload, Uploads } from 'nest-live';

import { PhotoShelf, type Photo } from './photo.shelf.js';

const MEGABYTE = 1_000_000;

@LiveComponent('photo-album')
export class PhotoAlbum {
  @Upload({ types: ['image/png', 'image/jpeg', 'image/gif', 'image/webp'], maxBytes: 8 * MEGABYTE, count: 12 })
  photos: Upload[] = [];
  /** Ids of what was saved, the newest first. */
  @State() saved: string[] = [];

  @Temporary() readonly room = 12 * 8;
  @Temporary() album: readonly Photo[] = [];

  constructor(
    private readonly uploads: Uploads,
    private readonly shelf: PhotoShelf,
  ) {}

  @Computed()
  get megabytes(): number {
    return Math.round(this.photos.reduce((sum, { size }) => sum + size, 0) / (MEGABYTE / 10)) / 10;
  }

  beforeRender(): void {
    this.album = this.shelf.find(this.saved);
  }

  /** Each file is streamed into a provider, and is gone from the field. */
  @OnEvent()
  async save(): Promise<void> {
    for (const photo of this.photos) {
      this.saved.unshift(await this.uploads.consume(photo, (stream, info) => this.shelf.keep(stream, info)));
    }
    this.photos = [];
  }
}
