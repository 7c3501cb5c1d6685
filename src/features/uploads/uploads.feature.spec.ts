import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { Injectable, type INestApplication } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { LiveComponent, LiveError, OnEvent, Payload, State, Upload, Uploads } from 'nest-live';

import { PLATFORMS, RunningApp, type PlatformName } from '../../../test/e2e/running-app.js';
import { UploadVisitor } from '../../../test/e2e/upload.visitor.js';

/** Where handlers put what they consume. */
@Injectable()
class Album {
  readonly pages: { name: string; content: string; key: string }[] = [];
  broken = false;
}

@LiveComponent('album', {
  template:
    '<div><ul>{{#each photos}}<li>{{name}} {{size}} {{type}} {{state}} {{#if preview}}<img src="{{preview}}" alt="">{{/if}}</li>{{/each}}</ul><b>{{saved}}</b></div>',
})
class AlbumComponent {
  @Upload({ types: ['image/*', 'text/plain', 'application/json'], maxBytes: 200_000, count: 3 })
  photos: Upload[] = [];

  @Upload({ types: ['text/plain'], count: 1 })
  note: Upload[] = [];

  @State() saved = 0;

  constructor(
    private readonly uploads: Uploads,
    private readonly album: Album,
  ) {}

  @OnEvent()
  async save(@Payload('fail') fail: unknown) {
    for (const photo of this.photos) {
      await this.uploads.consume(photo, async (stream, { name, key }) => {
        const content = await text(stream);
        if (this.album.broken) throw new Error('the album is full');
        this.album.pages.push({ name, content, key });
      });
      this.saved += 1;
    }
    if (fail) throw new LiveError('VALIDATION_FAILED', 'on second thoughts');
  }

  @OnEvent()
  clear() {
    this.photos = [];
  }
}

/** With Nest's own for JSON, a parser for every body there is: each takes less than is uploaded. */
const swallow = (app: INestApplication, platform: PlatformName): void => {
  if (platform === 'express') {
    (app as NestExpressApplication).useBodyParser('raw', {
      type: ({ headers }: IncomingMessage) => headers['content-type'] !== 'application/json',
      limit: 10_000,
    });
    return;
  }
  (app as NestFastifyApplication).useBodyParser('application/octet-stream', { bodyLimit: 10_000 });
};

describe.each(PLATFORMS)('uploads on %s', (platform) => {
  let directory: string;
  let running: RunningApp;
  let album: Album;
  let page: UploadVisitor;

  const files = async (): Promise<readonly string[]> =>
    (await readdir(directory)).filter((name) => !name.endsWith('.plan'));

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'nest-live-uploads-'));
    running = await RunningApp.start({
      platform,
      providers: [AlbumComponent, Album],
      options: { uploads: { directory } },
      configure: (app) => swallow(app, platform),
    });
    album = running.app.get(Album);
  });

  beforeEach(async () => {
    album.pages.length = 0;
    album.broken = false;
    page = await UploadVisitor.open(running.url, 'album');
  });

  afterEach(() => page.leave());

  afterAll(async () => {
    await running.close();
    await rm(directory, { recursive: true });
  });

  it('bring a file into the field, and a handler streams it on', async () => {
    await page.upload('photos', { name: 'hello.txt', bytes: 'hello' });
    expect(page.html).toContain('hello.txt 5 text/plain ready');

    expect(await page.event('save')).toMatchObject({ ok: true });
    expect(album.pages).toEqual([{ name: 'hello.txt', content: 'hello', key: expect.any(String) }]);
    expect(page.html).toContain('hello.txt 5 text/plain used');
    expect(await readdir(directory)).toEqual([]);
  });

  it('pass by every body parser of the application, whatever type they come as', async () => {
    const bytes = JSON.stringify({ long: 'x'.repeat(150_000) });
    for (const type of ['application/json', 'application/octet-stream', 'image/png']) {
      const ticket = await page.ticket('photos', { name: 'data.json', bytes });
      expect(await page.send(ticket, bytes, { 'content-type': type })).toMatchObject({ status: 200 });
      await page.event('$uploaded', { field: 'photos', ids: [ticket.id] });
    }
    await page.event('save');
    expect(album.pages.map(({ content }) => content === bytes)).toEqual([true, true, true]);
  });

  it('go on where they were cut', async () => {
    const bytes = 'x'.repeat(100_000);
    const ticket = await page.ticket('photos', { name: 'long.txt', bytes });
    const slow = page.begin(ticket, { 'content-length': bytes.length });
    await slow.write(bytes.slice(0, 60_000));
    let offset = 0;
    while (offset < 60_000) offset = Number((await page.head(ticket)).headers.get('upload-offset'));
    slow.cut();

    expect(await page.send(ticket, bytes)).toMatchObject({ status: 400, body: { error: { expected: 60_000 } } });
    const rest = await page.send(ticket, bytes.slice(60_000), { 'upload-offset': '60000' });
    expect(rest).toMatchObject({ status: 200, body: { complete: true, offset: 100_000 } });
    await page.event('$uploaded', { field: 'photos', ids: [ticket.id] });
    await page.event('save');
    expect(album.pages.map(({ content }) => content.length)).toEqual([100_000]);
  });

  it('stay where the receiver throws, and may be consumed again', async () => {
    await page.upload('photos', { name: 'a.txt', bytes: 'a' });
    album.broken = true;
    expect(await page.event('save')).toMatchObject({ error: { code: 'HANDLER_ERROR' } });
    album.broken = false;
    expect(await page.event('save')).toMatchObject({ ok: true });
    expect(album.pages).toHaveLength(1);
  });

  it('stay where the event is refused after they were consumed', async () => {
    await page.upload('photos', { name: 'a.txt', bytes: 'a' });
    expect(await page.event('save', { fail: true })).toMatchObject({ error: { code: 'VALIDATION_FAILED' } });
    expect(await files()).toHaveLength(1);
    expect(await page.event('save')).toMatchObject({ ok: true });
    expect(album.pages).toHaveLength(2);
    expect(await files()).toEqual([]);
  });

  it('are thrown away by whoever takes them out of the field, by cancelling, and with the instance', async () => {
    await page.upload('photos', { name: 'a.txt', bytes: 'a' });
    await page.event('clear');
    expect(await readdir(directory)).toEqual([]);

    await page.upload('photos', { name: 'b.txt', bytes: 'b' });
    const [, id = ''] = [...(await files())[0].matchAll(/^([\w-]+)\./g)][0];
    await page.event('$discard', { field: 'photos', id });
    expect(page.html).not.toContain('b.txt');
    expect(await readdir(directory)).toEqual([]);

    const ticket = await page.ticket('photos', { name: 'c.txt', bytes: 'c' });
    expect((await page.cancel(ticket)).status).toBe(204);
    expect(await readdir(directory)).toEqual([]);

    await page.upload('photos', { name: 'd.txt', bytes: 'd' });
    await page.ticket('photos', { name: 'e.txt', bytes: 'e' });
    await page.leave();
    expect(await readdir(directory)).toEqual([]);
  });
});
