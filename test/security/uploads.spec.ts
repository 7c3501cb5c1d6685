import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

import { ComponentsService, type Reply } from 'nest-live';

import { PLATFORMS } from '../e2e/running-app.js';
import { SocketVisitor } from '../e2e/socket.visitor.js';
import type { ChosenFile, UploadVisitor } from '../e2e/upload.visitor.js';
import { Forger } from './forger.js';
import { PNG, soon, UploadSite } from './uploads.site.js';

const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
const PHP = '<?php system($_GET["c"]); ?>';
const OWN_NAME = /^[\w-]{43}\.(?:plan|part|file\.(?:png|gif|txt|csv|json|svg|pdf))$/;

const codeOf = (reply: Reply): string => (reply.ok ? 'OK' : reply.error.code);

describe.each(PLATFORMS)('files that are uploaded, on %s', (platform) => {
  let site: UploadSite;
  let page: UploadVisitor;

  beforeAll(async () => (site = await UploadSite.start({}, { platform })));
  beforeEach(async () => {
    UploadSite.forget();
    page = await site.visit();
  });
  afterEach(() => page.leave());
  afterAll(() => site.close());

  const outcome = async (field: string, file: ChosenFile): Promise<string> => {
    const { tickets, refused } = await page.announce(field, [file]);
    if (refused) return `${refused[0].code} when announced`;
    const { status, body } = await page.send(tickets[0], file.bytes);
    if (status !== 200) return `${status} ${body.error?.code}`;
    return codeOf(await page.event('$uploaded', { field, ids: [tickets[0].id] }));
  };

  it.each<[string, string, string, string | Buffer]>([
    ['a program as a picture', 'malicious.php', 'image/png', PNG],
    ['a program behind a picture', 'photo.png.php', 'image/png', PNG],
    ['a program behind a NUL', 'photo.png\0.php', 'image/png', PNG],
    ['a program read from right to left', 'photo\u202Egnp.exe', 'image/png', PNG],
    ['a page as a picture', 'a.html', 'image/png', PNG],
    ['a drawing where pictures are taken', 'a.svg', 'image/svg+xml', SVG],
    ['a drawing by the name of a picture', 'a.png', 'image/svg+xml', SVG],
    ['a picture by the type of another', 'a.png', 'image/gif', PNG],
    ['a kind nobody knows', 'a.xyz', '', 'x'],
    ['nothing said at all', 'file', '', 'x'],
    ['a kind the field does not take', 'a.zip', 'application/zip', 'PK'],
  ])('are refused by what is said of them: %s', async (_what, name, type, bytes) => {
    expect(await outcome('photos', { name, type, bytes })).toBe('UPLOAD_TYPE_REJECTED when announced');
    expect(await site.kept()).toEqual([]);
  });

  it.each<[string, string, string, string | Buffer]>([
    ['a program', 'a.png', 'image/png', PHP],
    ['a drawing', 'a.png', 'image/png', SVG],
    ['another picture', 'a.png', 'image/png', Buffer.concat([Buffer.from('GIF89a'), Buffer.alloc(20)])],
    ['a page as text', 'a.txt', 'text/plain', ' \n<!doctype html><script>alert(1)</script>'],
    ['a drawing as text', 'a.txt', '', SVG],
    ['a program as text', 'a.txt', '', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0])],
    ['a picture as a table', 'a.csv', 'application/vnd.ms-excel', PNG],
    ['a page as data', 'a.json', '', '<html>'],
    ['nothing', 'a.png', 'image/png', ''],
  ])('are refused by their bytes, and gone: %s', async (_what, name, type, bytes) => {
    expect(await outcome('photos', { name, type, bytes })).toBe('415 UPLOAD_TYPE_REJECTED');
    expect(await site.kept()).toEqual([]);
  });

  it('are taken as a drawing only where that is named, and for one that is', async () => {
    expect(await outcome('drawings', { name: 'a.svg', type: 'image/svg+xml', bytes: SVG })).toBe('OK');
    expect(page.html).toContain('<b>a.svg|</b>');
    expect(await outcome('drawings', { name: 'b.svg', type: 'image/svg+xml', bytes: '<html></html>' })).toContain(
      '415',
    );
    expect(await outcome('drawings', { name: 'b.svg', type: 'image/svg+xml', bytes: PNG })).toContain('415');
  });

  it.each<[string, string]>([
    ['..\\..\\x.png', 'x.png'],
    ['a/../../x.png', 'x.png'],
    ['shell.php.png', 'shell.php.png'],
    ['CON.png', '_CON.png'],
    ['\u202Egnp.png', 'gnp.png'],
    ['a\0b\r\n.png', 'ab.png'],
    ['__proto__.png', '__proto__.png'],
    [`${'x'.repeat(296)}.png`, `${'x'.repeat(115)}….png`],
    ['"><img src=x onerror=alert(1)>.png', '___img src&#x3D;x onerror&#x3D;alert(1)_.png'],
    ['.htaccess.png', 'htaccess.png'],
  ])('are stored under a name of the server, and shown by a harmless one: %j', async (name, shown) => {
    expect(await outcome('photos', { name, type: 'image/png', bytes: PNG })).toBe('OK');
    expect((await site.kept()).filter((file) => !OWN_NAME.test(file))).toEqual([]);
    expect(page.html).toContain(`<p>${shown}|image/png|ready`);
  });

  it('are shown as a download without an origin, to whoever has brought them and to nobody else', async () => {
    const gif = Buffer.from('GIF89a=1;alert(1)//');
    expect(await outcome('photos', { name: 'poly.gif', type: 'image/gif', bytes: gif })).toBe('OK');
    const [, preview = ''] = /src="([^"]+)"/.exec(page.html) ?? [];
    const shown = await page.http.send('GET', preview);
    expect([shown.status, shown.text]).toEqual([200, gif.toString()]);
    expect(Object.fromEntries(shown.headers)).toMatchObject({
      'content-type': 'image/gif',
      'content-disposition': expect.stringMatching(/^attachment; filename="[\w-]{12}\.gif"$/),
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
      'cross-origin-resource-policy': 'same-origin',
    });
    const other = await site.visit('eve');
    expect((await other.http.send('GET', preview)).status).toBe(403);
    expect((await page.http.send('GET', `${preview}x`)).status).toBe(403);
  });

  it('are taken with a token of their own caller, field, instance and purpose only', async () => {
    const file = { name: 'a.txt', bytes: 'abc' };
    const mine = await page.ticket('photos', file);
    const eve = await site.visit('eve');
    const nobody = await site.visit('');
    for (const stranger of [eve, nobody]) {
      expect(await stranger.send(mine, 'abc')).toMatchObject({
        status: 403,
        body: { error: { code: 'UPLOAD_TOKEN_INVALID' } },
      });
      expect([(await stranger.head(mine)).status, (await stranger.cancel(mine)).status]).toEqual([403, 403]);
    }
    const forger = new Forger(site.running.app);
    const { state } = await page.http.mount('shelf');
    const forged = [
      state,
      'x',
      '',
      `${mine.token.slice(0, -1)}${mine.token.endsWith('A') ? 'B' : 'A'}`,
      ...['state', 'mount', 'sub', 'csrf', 'ctl'].map((purpose) => forger.resign(mine.token, {}, purpose)),
      forger.resign(mine.token, { exp: Date.now() - 120_000 }),
    ];
    for (const token of forged) {
      expect((await page.send({ token }, 'abc')).body.error?.code).toBe('UPLOAD_TOKEN_INVALID');
    }
    expect((await page.send(mine, 'abc')).status).toBe(200);
    expect((await page.http.refused('shelf', { state: mine.token, event: 'take' })).error.code).toBe('STATE_INVALID');

    const second = await site.visit();
    const refused = { ok: false, error: { code: 'UPLOAD_TOKEN_INVALID' } };
    expect(await page.event('$uploaded', { field: 'notes', ids: [mine.id] })).toMatchObject(refused);
    expect(await second.event('$uploaded', { field: 'photos', ids: [mine.id] })).toMatchObject(refused);
    expect(await eve.event('$uploaded', { field: 'photos', ids: [mine.id] })).toMatchObject(refused);
    expect(await page.event('$uploaded', { field: 'photos', ids: [mine.id] })).toMatchObject({ ok: true });
  });

  it('are entered by whoever has brought them, also where several people share one instance', async () => {
    const { id } = await site.running.app.get(ComponentsService).mount('shelf');
    const [ada, eve] = await Promise.all(
      ['ada', 'eve'].map(async (user) => {
        const visitor = await SocketVisitor.connect(site.running.url, { headers: { 'x-user': user } });
        await visitor.ok('subscribe', { component: 'shelf', component_id: id });
        return visitor;
      }),
    );
    const files = [{ name: 'a.txt', size: 3, type: '' }];
    const announced = await ada.event(id, '$upload', { seq: 1, payload: { field: 'photos', files } });
    const [ticket] = (announced.ok && announced.effects.upload?.tickets) || [];
    expect((await page.send(ticket, 'abc')).status).toBe(200);
    const payload = { field: 'photos', ids: [ticket.id] };
    expect(codeOf(await eve.event(id, '$uploaded', { seq: 1, payload }))).toBe('UPLOAD_TOKEN_INVALID');
    expect(codeOf(await ada.event(id, '$uploaded', { seq: 2, payload }))).toBe('OK');
    await ada.event(id, '$discard', { seq: 3, payload: { field: 'photos', id: ticket.id } });
    ada.close();
    eve.close();
  });

  it('are taken from this site only', async () => {
    const ticket = await page.ticket('photos', { name: 'a.txt', bytes: 'abc' });
    const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    const { body } = await page.send(ticket, 'abc', foreign);
    expect(body.error?.code).toBe('ORIGIN_REJECTED');
    const headers = { ...foreign, 'live-upload': ticket.token };
    expect((await page.http.send('DELETE', '/components/-/upload', { headers })).status).toBe(403);
    expect((await page.head(ticket)).status).toBe(200);
  });

  it('are refused where a guard refuses the event that announces or enters them', async () => {
    const files = [{ name: 'a.txt', size: 3, type: '' }];
    const ask = async (user: string) =>
      codeOf(await (await site.visit(user)).event('$upload', { field: 'photos', files }));
    expect([await ask('mallory'), await ask('')]).toEqual(['FORBIDDEN', 'UNAUTHENTICATED']);
    expect(await site.kept()).toEqual([]);
    const trudy = await site.visit('trudy');
    const ticket = await trudy.ticket('photos', { name: 'a.txt', bytes: 'abc' });
    await trudy.send(ticket, 'abc');
    expect(codeOf(await trudy.event('$uploaded', { field: 'photos', ids: [ticket.id] }))).toBe('FORBIDDEN');
    expect(trudy.html).not.toContain('a.txt');
    await trudy.cancel(ticket);
  });

  it('are announced for fields that are there, in a shape that is one', async () => {
    const files = [{ name: 'a.txt', size: 3, type: '' }];
    const wrong = [
      null,
      { files },
      ...['__proto__', 'constructor', 'first', 'none', 7, ['photos']].map((field) => ({ field, files })),
      ...[[], {}, 'x', [null], [{ name: 1, size: 1 }], [{ name: 'a', size: -1 }], [{ name: 'a', size: 1.5 }]].map(
        (bad) => ({ field: 'photos', files: bad }),
      ),
    ];
    for (const payload of wrong) expect(codeOf(await page.event('$upload', payload))).toBe('BAD_FRAME');
    expect(await site.kept()).toEqual([]);
  });

  it('are as many and as large as the field takes', async () => {
    const big = await page.announce('photos', [{ name: 'a.txt', bytes: '', size: 100_001 }]);
    expect(big).toMatchObject({ tickets: [], refused: [{ index: 0, name: 'a.txt', code: 'UPLOAD_TOO_LARGE' }] });
    const many = await page.announce(
      'notes',
      ['a', 'b'].map((name) => ({ name: `${name}.txt`, bytes: name })),
    );
    expect(many).toMatchObject({ tickets: [{ index: 0 }], refused: [{ index: 1, code: 'UPLOAD_QUOTA' }] });
    const more = await page.ticket('notes', { name: 'c.txt', bytes: 'c' });
    await page.send(many.tickets[0], 'a');
    await page.send(more, 'c');
    const both = await page.event('$uploaded', { field: 'notes', ids: [many.tickets[0].id, more.id] });
    expect(codeOf(both)).toBe('UPLOAD_QUOTA');
  });

  it('are refused at once when they say that they are too long, and gone when they are', async () => {
    const said = page.begin(await page.ticket('photos', { name: 'a.txt', bytes: 'abc' }), {
      'content-length': 1_000_000,
    });
    await said.write('a');
    expect(await said.answered).toMatchObject({ status: 413, body: { error: { code: 'UPLOAD_TOO_LARGE' } } });
    expect(await site.kept()).toEqual([]);

    const ticket = await page.ticket('photos', { name: 'a.txt', bytes: 'x'.repeat(50_000) });
    const unsaid = page.begin(ticket, { 'transfer-encoding': 'chunked' });
    await unsaid.write('x'.repeat(50_000));
    await soon(
      async () => (await page.head(ticket)).headers.get('upload-offset'),
      (offset) => offset === '50000',
    );
    const started = performance.now();
    await unsaid.write('x');
    expect((await unsaid.answered).status).toBe(413);
    await soon(
      () => site.kept(),
      (names) => names.length === 0,
    );
    expect(performance.now() - started).toBeLessThan(1_000);
    expect((await page.head(ticket)).status).toBe(403);
  });

  it('are answered also where the sender reads nothing until it has sent far more than it said', async () => {
    const ticket = await page.ticket('photos', { name: 'a.txt', bytes: 'x'.repeat(50_000) });
    const { hostname, port } = new URL(site.running.url);
    const deaf = connect(Number(port), hostname).pause();
    const headers = { host: hostname, cookie: page.http.cookie, 'x-user': 'ada', 'live-upload': ticket.token };
    const lines = Object.entries({ ...headers, 'sec-fetch-site': 'same-origin', 'transfer-encoding': 'chunked' });
    deaf.write(`POST /components/-/upload HTTP/1.1\r\n${lines.map((line) => `${line.join(': ')}\r\n`).join('')}\r\n`);
    const chunk = (size: number): string => `${size.toString(16)}\r\n${'x'.repeat(size)}\r\n`;
    deaf.write(chunk(50_000));
    await soon(
      async () => (await page.head(ticket)).headers.get('upload-offset'),
      (offset) => offset === '50000',
    );
    await new Promise((resolve) => deaf.write(chunk(8_000_000), resolve));
    expect(await text(deaf)).toMatch(/^HTTP\/1.1 413 [^]*UPLOAD_TOO_LARGE/);
  });

  it('are consumed once: not twice in one event, not by another, not as a copy', async () => {
    await page.upload('photos', { name: 'a.txt', bytes: 'abc' });
    expect(codeOf(await page.event('takeCopy'))).toBe('UPLOAD_TOKEN_INVALID');
    expect(codeOf(await page.event('takeTwice'))).toBe('UPLOAD_TOKEN_INVALID');
    expect(codeOf(await page.event('take'))).toBe('OK');
    expect(codeOf(await page.event('take'))).toBe('UPLOAD_TOKEN_INVALID');
    // What `takeTwice` had taken was given back with everything else it did.
    expect(UploadSite.taken).toEqual(['abc', 'abc']);
  });
});
