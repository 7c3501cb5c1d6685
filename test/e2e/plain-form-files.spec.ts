import { request } from 'node:http';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { PNG, soon } from '../security/uploads.site.js';
import { BoxSite } from './plain-form-files.js';
import { PlainBrowser, fieldPart, filePart, multipart, type FileOnDisk } from './plain.browser.js';
import { PLATFORMS } from './running-app.js';

const text = (size: number, name = 'a.txt'): FileOnDisk => ({ name, bytes: 'a'.repeat(size), type: 'text/plain' });
const png: FileOnDisk = { name: 'dot.png', bytes: PNG, type: 'image/png' };
const TYPED = { title: 'Two <b>', pin: '1234', text: 'one\r\ntwo' };

describe.each(PLATFORMS)('a form with files without scripts on %s', (platform) => {
  let site: BoxSite;
  let browser: PlainBrowser;

  beforeAll(async () => (site = await BoxSite.open(platform)));
  beforeEach(async () => {
    site.forget();
    browser = new PlainBrowser(site.url);
    await browser.goto('/box');
  });
  afterAll(() => site.close());

  it('is sent as multipart, what names it before its files, and other forms are not', () => {
    const [box = '', other = ''] = browser.html.split('<form').slice(1);
    expect(box).toContain('enctype="multipart/form-data"');
    expect(box).toContain('<input name="photos"');
    expect(other).not.toContain('enctype');
    expect(box.indexOf('"$state"')).toBeLessThan(box.indexOf('type="file"'));
    expect(box.indexOf('"$page"')).toBeLessThan(box.indexOf('type="file"'));
    expect(box.indexOf('value="save"')).toBeGreaterThan(box.indexOf('live-click'));
  });

  it('brings fields and files to the handler, files larger than a frame too, and goes back to its page', async () => {
    const answer = await browser.submitFiles(0, TYPED, { photos: [png, text(95_000)] });
    expect({ status: answer.status, location: answer.location }).toEqual({ status: 303, location: '/box' });
    expect(BoxSite.payloads).toEqual([{ title: 'Two <b>', pin: '1234', text: 'one\ntwo' }]);
    expect(BoxSite.taken).toEqual([expect.stringMatching(/^dot\.png:/), 'a.txt:95000']);
    expect(browser.outputs[0]).toBe('1 saved, 0 here');
    expect(await site.kept()).toEqual([]);
  });

  it('asks the guards as the client does, before the first byte and before the field has it', async () => {
    await browser.submitFiles(0, TYPED, { photos: [png] });
    expect(BoxSite.asked).toEqual([
      ['$upload', { field: 'photos', files: [{ name: 'dot.png', type: 'image/png' }] }],
      ['$uploaded', { field: 'photos', ids: [expect.any(String)] }],
      ['save', expect.anything()],
    ]);
  });

  it.each(['$upload', '$uploaded', 'save'])('keeps nothing where guards refuse %s', async (event) => {
    site.refuse(event);
    await browser.submitFiles(0, TYPED, { photos: [png] });
    expect(browser.notices).toEqual(['UNAUTHENTICATED']);
    expect([BoxSite.payloads, await site.kept()]).toEqual([[], []]);
  });

  it('leaves files in the field for the next form, which may come without any', async () => {
    await browser.submitFiles(0, {}, { photos: [png] }, 'Hold');
    expect(browser.outputs[0]).toBe('0 saved, 1 here');
    expect(browser.html).toContain(`<p>dot.png|${PNG.length}|image/png</p>`);
    await browser.submitFiles(0, TYPED, {});
    expect(BoxSite.taken).toHaveLength(1);
    expect(await site.kept()).toEqual([]);
  });

  it.each<[string, string, readonly FileOnDisk[]]>([
    ['UPLOAD_TOO_LARGE', 'a file larger than the field takes', [text(100_001)]],
    ['UPLOAD_TYPE_REJECTED', 'a kind the field does not take', [{ name: 'a.gif', bytes: 'GIF89a', type: 'image/gif' }]],
    ['UPLOAD_TYPE_REJECTED', 'bytes that are no picture', [{ name: 'a.png', bytes: '<?php', type: 'image/png' }]],
    ['UPLOAD_QUOTA', 'more than the field takes', [text(1), text(2), text(3)]],
    ['UPLOAD_QUOTA', 'more than the caller may have', [text(99_000), text(99_000)]],
    ['UPLOAD_TYPE_REJECTED', 'a good file before a bad one', [png, { name: 'a.exe', bytes: 'MZ' }]],
  ])('says %s on its page for %s, keeps what was typed, and no file', async (code, _what, photos) => {
    const answer = await browser.submitFiles(0, TYPED, { photos });
    expect(answer.status).toBe(303);
    expect(browser.notices).toEqual([code]);
    expect(browser.html).toContain('value="Two &lt;b&gt;"');
    expect(browser.html).not.toContain('1234');
    expect([BoxSite.payloads, await site.kept()]).toEqual([[], []]);
    // Nothing counts any more of what was refused.
    await browser.submitFiles(0, TYPED, { photos: [text(99_000)] });
    expect(BoxSite.taken).toEqual(['a.txt:99000']);
  });

  it('counts what the field has already', async () => {
    await browser.submitFiles(0, {}, { photos: [text(1), text(2)] }, 'Hold');
    await browser.submitFiles(0, TYPED, { photos: [text(3)] });
    expect(browser.notices).toEqual(['UPLOAD_QUOTA']);
    expect((await site.kept()).filter((name) => name.endsWith('.plan'))).toHaveLength(2);
    await browser.submitFiles(0, TYPED, {});
    expect([BoxSite.taken, await site.kept()]).toEqual([['a.txt:1', 'a.txt:2'], []]);
  });

  it('gives files back where its handler fails', async () => {
    await browser.submitFiles(0, {}, { photos: [png] }, 'Fail');
    expect(browser.notices).toEqual(['HANDLER_ERROR']);
    expect(await site.kept()).toEqual([]);
  });

  it('happens once, sent again or twice at once, and the files of a repetition are gone', async () => {
    const [form] = browser.forms();
    const body = browser.multipartOf(form, TYPED, { photos: [text(60_000)] });
    const both = await Promise.all([browser.send('POST', form.action, body), browser.send('POST', form.action, body)]);
    const later = await browser.send('POST', form.action, body);
    expect([...both, later].map(({ status }) => status)).toEqual([303, 303, 303]);
    expect(BoxSite.taken).toEqual(['a.txt:60000']);
    expect(await site.kept()).toEqual([]);
    await browser.follow(later);
    expect([browser.outputs[0], browser.notices]).toEqual(['1 saved, 0 here', []]);
  });

  it('is not run again with the files that it still holds, nor loses them', async () => {
    const [form] = browser.forms();
    const body = browser.multipartOf(form, {}, { photos: [text(90_000)] }, 'Hold');
    await browser.send('POST', form.action, body);
    await browser.follow(await browser.send('POST', form.action, body));
    expect([browser.outputs[0], browser.notices]).toEqual(['0 saved, 1 here', []]);
    await browser.submitFiles(0, TYPED, {});
    expect([BoxSite.taken, await site.kept()]).toEqual([['a.txt:90000'], []]);
  });

  it('is not taken for the same one when it brings another file', async () => {
    const [form] = browser.forms();
    await browser.send('POST', form.action, browser.multipartOf(form, TYPED, { photos: [text(10)] }));
    const other = { ...text(10), bytes: 'b'.repeat(10) };
    await browser.follow(
      await browser.send('POST', form.action, browser.multipartOf(form, TYPED, { photos: [other] })),
    );
    expect(browser.notices).toEqual(['STATE_STALE']);
    expect([BoxSite.taken, await site.kept()]).toEqual([['a.txt:10'], []]);
  });

  it('is written to the disk while it arrives, and leaves nothing when its connection is cut', async () => {
    const [form] = browser.forms();
    const { type, bytes } = browser.multipartOf(form, TYPED, { photos: [text(90_000)] });
    const sending = request(site.url + form.action, {
      method: 'POST',
      headers: { ...browser.headersFor('POST'), 'content-type': type, 'content-length': bytes.length },
    });
    sending.on('error', () => undefined);
    sending.write(bytes.subarray(0, 80_000));
    await soon(
      () => site.kept(),
      (kept) => kept.some((name) => name.endsWith('.part')),
    );
    sending.destroy();
    await soon(
      () => site.kept(),
      (kept) => kept.length === 0,
    );
    expect(BoxSite.payloads).toEqual([]);
  });

  it('ignores files for nothing, and inputs that nobody has filled', async () => {
    const [box, other] = browser.forms();
    const { fields } = other;
    const parts = fields
      .filter(({ isFile }) => !isFile)
      .map(({ name, value }) => fieldPart(name, name === 'title' ? 'yes' : value));
    await browser.follow(
      await browser.send(
        'POST',
        other.action,
        multipart([...parts, filePart('any', text(200_000)), filePart('photos', png)]),
      ),
    );
    expect(browser.outputs[1]).toBe('yes');
    await browser.goto('/box');
    await browser.submitFiles(0, TYPED, {});
    expect(browser.outputs[0]).toBe('1 saved, 0 here');
    expect([BoxSite.taken, await site.kept(), box.action]).toEqual([[], [], '/components/drop-box']);
  });

  it('takes no more text than any other form, and no more bytes than its fields', async () => {
    expect((await browser.submitFiles(0, { ...TYPED, text: 'x'.repeat(70_000) }, { photos: [png] })).status).toBe(413);
    expect(browser.html).toContain('What you entered is still there when you go back');
    await browser.goto('/box');
    await browser.submitFiles(0, TYPED, { photos: [text(450_000)] });
    expect(browser.notices).toEqual(['UPLOAD_TOO_LARGE']);
    await browser.submitFiles(0, TYPED, { photos: [text(600_000)] });
    expect(browser.notices).toEqual(['UPLOAD_TOO_LARGE']);
    const far = await browser.send(
      'POST',
      '/components/drop-box',
      browser.multipartOf(browser.forms()[0], TYPED, { photos: [text(3_000_000)] }),
    );
    expect(far.status).toBe(413);
    expect([BoxSite.payloads, await site.kept()]).toEqual([[], []]);
  });

  it('is refused where its files come before what names it, and where it is no form', async () => {
    const [{ action, fields }] = browser.forms();
    const named = fields.filter(({ isFile }) => !isFile).map(({ name, value }) => fieldPart(name, value));
    expect((await browser.send('POST', action, multipart([filePart('photos', png), ...named]))).status).toBe(303);
    expect([BoxSite.payloads, await site.kept()]).toEqual([[], []]);
    expect((await browser.send('POST', action, { type: 'multipart/form-data', bytes: Buffer.from('x') })).status).toBe(
      400,
    );
    const { type, bytes } = multipart([...named, filePart('photos', png)]);
    const halved = { type, bytes: bytes.subarray(0, -40) };
    expect((await browser.send('POST', action, halved)).status).toBe(400);
    browser.headers = { accept: 'application/json', 'sec-fetch-mode': 'cors' };
    expect((await browser.send('POST', action, { type, bytes })).text).toContain('BAD_FRAME');
    expect([BoxSite.payloads, await site.kept()]).toEqual([[], []]);
  });

  it('is refused, not misread, where a path of another spelling lets a parser have it first', async () => {
    const [form] = browser.forms();
    const body = browser.multipartOf(form, TYPED, { photos: [png] });
    const { status } = await browser.send('POST', `${form.action}/`, body);
    expect([status >= 400, BoxSite.payloads, await site.kept()]).toEqual([true, [], []]);
  });

  it('stays out where another site sends it', async () => {
    const [form] = browser.forms();
    browser.headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    const answer = await browser.send('POST', form.action, browser.multipartOf(form, TYPED, { photos: [png] }));
    expect([answer.status, BoxSite.asked, await site.kept()]).toEqual([403, [], []]);
  });
});
