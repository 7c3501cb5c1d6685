import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';

import { Injectable } from '@nestjs/common';
import { LiveComponent, LivePublisher, OnEvent, OnTopic, Payload, State, Upload, Uploads } from 'nest-live';

interface Shelved {
  readonly size: number;
  readonly sha: string;
}

/** Where a handler puts its files, for a test to look at. */
@Injectable()
export class Shelf {
  readonly files: Shelved[] = [];
  readonly titles: string[] = [];

  constructor(private readonly publisher: LivePublisher) {}

  async take(stream: Readable): Promise<void> {
    const hash = createHash('sha256');
    let size = 0;
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      hash.update(chunk);
      size += chunk.length;
    }
    this.files.push({ size, sha: hash.digest('hex') });
  }

  /** Something that is pushed to everybody. */
  ring(): Promise<unknown> {
    return this.publisher.broadcast('bell', {});
  }
}

const ROWS = `<ul id="rows" live-upload-rows="photos" hidden>
      <template><li><span live-upload-name></span> <progress live-progress></progress> <b live-upload-error></b>
        <button type="button" live-upload-cancel>cancel</button></li></template>
    </ul>`;

@LiveComponent('album', {
  template: `<section>
  <form live-submit="save">
    <div id="zone" live-drop="photos"><input id="choose" type="file" live-upload="photos" multiple aria-label="photos"></div>
    <output id="total" live-progress="photos" hidden></output>
    <p id="error" live-upload-error="photos" role="alert" hidden></p>
    ${ROWS}
    <input name="title" aria-label="title">
    <button>save</button>
  </form>
  <button live-click="count">count</button>
  <output id="clicks">{{clicks}}</output>
  <output id="bells">{{bells}}</output>
  <output id="saved">{{saved}}</output>
  <ol>{{#each photos}}<li live-key="{{id}}"><span>{{name}}</span> <img src="{{preview}}" alt="">
    <button type="button" live-click="$discard" live-value-field="photos" live-value-id="{{id}}" aria-label="remove {{name}}"></button></li>{{/each}}</ol>
</section>`,
})
export class Album {
  @Upload({ types: ['image/*'], maxBytes: 8_000_000, count: 5 }) photos: Upload[] = [];
  @State() clicks = 0;
  @State() bells = 0;
  @State() saved = '-';

  constructor(
    private readonly uploads: Uploads,
    private readonly shelf: Shelf,
  ) {}

  @OnEvent()
  count(): void {
    this.clicks += 1;
  }

  @OnEvent()
  async save(@Payload('title') title: string): Promise<void> {
    for (const photo of this.photos) await this.uploads.consume(photo, (stream) => this.shelf.take(stream));
    this.shelf.titles.push(title);
    this.saved = String(this.photos.length);
    this.photos = [];
  }

  @OnTopic('bell')
  ring(): void {
    this.bells += 1;
  }
}
