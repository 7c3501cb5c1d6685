import { text } from 'node:stream/consumers';

import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { ComponentsModule, LiveComponent, OnEvent, State, Upload, Uploads } from 'nest-live';
import { LiveTest } from 'nest-live/testing';

@LiveComponent('reader', { template: '<p>{{#each files}}{{name}} {{/each}}<b>{{content}}</b></p>' })
class Reader {
  @Upload({ types: ['text/plain'], maxBytes: 1_000, count: 2 })
  files: Upload[] = [];

  @State() content = '';

  constructor(private readonly uploads: Uploads) {}

  @OnEvent()
  async read() {
    this.content = await this.uploads.consume(this.files[0], (stream) => text(stream));
    this.files = [];
  }
}

describe('a file that a test chooses', () => {
  let app: INestApplication;

  beforeAll(async () => {
    const builder = Test.createTestingModule({ imports: [ComponentsModule.forRoot()], providers: [Reader] });
    app = (await builder.compile()).createNestApplication({ logger: false });
    await app.listen(0, '127.0.0.1');
  });

  afterAll(() => app.close());

  it.each([
    ['without a server', () => LiveTest.create({ providers: [Reader] })],
    ['over a socket', () => LiveTest.connect(app)],
    ['over HTTP', () => LiveTest.connect(app, { transport: 'http' })],
    ['of an address alone', async () => LiveTest.connect(await app.getUrl())],
  ] as const)('goes into its field as in a browser, or is refused as there: %s', async (_way, open) => {
    const live = await open();
    const reader = await live.mount('reader');
    expect(await reader.upload('files', 'hello', { name: 'a.txt' })).toMatchObject({ ok: true });
    expect(reader.html).toContain('a.txt');

    const codes = [];
    for (const [bytes, file] of [
      ['x'.repeat(1_001), { name: 'b.txt' }],
      ['x', { name: 'b.exe' }],
      ['\0\u0001', { name: 'b.txt', type: 'text/plain' }],
    ] as const) {
      const reply = await reader.upload('files', bytes, file);
      codes.push(reply.ok ? 'OK' : reply.error.code);
    }
    expect(codes).toEqual(['UPLOAD_TOO_LARGE', 'UPLOAD_TYPE_REJECTED', 'UPLOAD_TYPE_REJECTED']);

    await reader.emit('read');
    expect(reader.html).toContain('<b>hello</b>');
    await reader.leave();
    await live.close();
  });
});
