import { Readable } from 'node:stream';

import { declaredKind, kindOfType } from './file-kinds.js';
import { isOfKind } from './file-sniffer.js';

const is = (type: string, ...chunks: string[]): Promise<boolean> =>
  isOfKind(kindOfType(type)!, () =>
    Readable.from(
      chunks.map((chunk) => Buffer.from(chunk)),
      { objectMode: false },
    ),
  );

describe('the kind of a text', () => {
  it.each([
    '<svg/>',
    '<?xml version="1.0"?>\n<!-- a -->\n<!DOCTYPE svg PUBLIC "x" "y">\n<!-- b --><svg xmlns="z">',
    '<!----><!-- <svg> - -- > --> \n <svg>',
    `<!-- ${'long '.repeat(1_000)} --><svg>`,
  ])('is a drawing by what comes before its first element: %#', async (head) => {
    expect(await is('image/svg+xml', head.replace('<svg/>', '<svg />'))).toBe(true);
  });

  it.each(['<!-- <svg>', '<!----><html>', 'x<svg>', '<svgs>'])('is no drawing: %s', async (head) => {
    expect(await is('image/svg+xml', head)).toBe(false);
  });

  it('is told in no time, whatever the comments in front of it', async () => {
    const started = performance.now();
    expect(await is('image/svg+xml', `${'<!---->'.repeat(26)}x`)).toBe(false);
    expect(await is('image/svg+xml', `${'<!--'.repeat(20_000)}x`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('is that of a page also behind any number of blanks', async () => {
    expect(await is('text/plain', ' '.repeat(3_000), '\n <html>')).toBe(false);
    expect(await is('text/plain', ' '.repeat(3_000), '\n html')).toBe(true);
  });
});

const bytes = (type: string, ...parts: (string | Buffer)[]): Promise<boolean> =>
  isOfKind(kindOfType(type)!, () =>
    Readable.from(
      parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)),
      { objectMode: false },
    ),
  );
const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');

describe('text', () => {
  it.each([
    'The free trial ends on Monday.\n',
    'BMI,weight\n23.1,70\n',
    'MZ,Mozambique\nZA,South Africa\n',
    'GIF,PNG,JPEG\n1,2,3\n',
    'ID3 tags are listed below\n',
    'OggS stands for nothing\n',
    'RIFF and RF64 are formats\n',
    'PK,primary key\n',
    'BM;SIZE\n',
    'II* is what a TIFF begins with\n',
    'FLV,FLAC,fLaC\n',
    '%PDF is no document without a number\n',
    'ftyp,moov\n',
    '\xff\xfb\x90 letters of an older code page\n',
  ])('is text though it begins like a medium: %j', async (text) => {
    for (const type of ['text/plain', 'text/csv', 'text/markdown']) {
      expect([type, await bytes(type, text)]).toEqual([type, true]);
    }
  });

  it.each([
    ['a document', '%PDF-1.4\n1 0 obj\n<<>>\nendobj\n'],
    ['a document behind blanks', '\n  %PDF-1.7\n'],
    ['a rich text', '{\\rtf1\\ansi hello}'],
    ['a page description', '%!PS-Adobe-3.0\n'],
    ['a page', '<!doctype html><p>x'],
    ['a picture', 'GIF89a\x01\x00\x01\x00\x80\x00\x00'],
    ['a program', 'MZ\x90\x00\x03\x00\x00\x00'],
    ['a recording', 'ID3\x04\x00\x00\x00\x00\x00\x00'],
  ])('is not %s', async (_, content) => {
    expect(await bytes('text/plain', content)).toBe(false);
    expect(await bytes('text/csv', content)).toBe(false);
  });

  it('is text in UTF-16 by its mark, over parts of odd length, unless it is a page or holds controls', async () => {
    const whole = utf16('name;city\r\nJosé;Łódź\r\n日本;東京\r\n');
    expect(await bytes('text/csv', whole)).toBe(true);
    expect(await bytes('text/plain', whole.subarray(0, 7), whole.subarray(7, 12), whole.subarray(12))).toBe(true);
    expect(await bytes('text/plain', Buffer.from(whole).swap16())).toBe(true);
    expect(await bytes('text/plain', utf16('  <html>'))).toBe(false);
    expect(await bytes('text/plain', utf16('a\u0000b'))).toBe(false);
    expect(await bytes('application/json', utf16('{"a":1}'))).toBe(false);
  });
});

describe('a drawing', () => {
  it.each([
    [
      'of a drawing program, with a list of entities',
      '<?xml version="1.0" encoding="utf-8"?>\n<!-- Generator -->\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [\n\t<!ENTITY ns_svg "http://www.w3.org/2000/svg">\n\t<!ENTITY gt ">">\n]>\n<svg xmlns="&ns_svg;"/>',
    ],
    [
      'with a style sheet',
      '<?xml version="1.0"?><?xml-stylesheet href="a.css" type="text/css"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    ],
    ['with a prefix', '<?xml version="1.0"?>\n<svg:svg xmlns:svg="http://www.w3.org/2000/svg" width="1"/>'],
    [
      'with a prefix that is an entity',
      `<!DOCTYPE svg:svg [<!ENTITY s 'http://www.w3.org/2000/svg'>]><svg:svg xmlns:svg="&s;"></svg:svg>`,
    ],
    ['with two instructions and comments between', '<?a?><!-- b --><?c d?>\n<!--e--><svg\n>'],
  ])('is one: %s', async (_, content) => {
    expect(await bytes('image/svg+xml', content)).toBe(true);
    expect(await bytes('image/svg+xml', utf16(content))).toBe(true);
  });

  it.each([
    ['another vocabulary by that prefix', '<svg:svg xmlns:svg="http://example.org/other"/>'],
    ['a prefix that is nowhere declared', '<svg:svg/>'],
    ['a list without an end', '<!DOCTYPE svg [<!ENTITY a "b"><svg>'],
    ['an entity from elsewhere', '<!DOCTYPE svg [<!ENTITY a SYSTEM "other.txt">]><svg>'],
    ['a page behind an instruction', '<?xml-stylesheet?><html>'],
    ['text', 'svg'],
  ])('is not %s', async (_, content) => {
    expect(await bytes('image/svg+xml', content)).toBe(false);
  });
});

const box = (type: string, ...inside: (string | Buffer)[]): Buffer => {
  const content = Buffer.concat(inside.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
  const head = Buffer.alloc(8);
  head.writeUInt32BE(content.length + 8, 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, content]);
};
const track = (handler: string): Buffer =>
  box(
    'trak',
    box('tkhd', Buffer.alloc(84)),
    box('mdia', box('mdhd', Buffer.alloc(24)), box('hdlr', Buffer.alloc(8), handler, Buffer.alloc(13))),
  );
const movie = (brand: string, ...handlers: string[]): Buffer =>
  Buffer.concat([
    box('ftyp', brand, Buffer.alloc(4), 'isom', 'mp42'),
    box('mdat', Buffer.alloc(5_000, 7)),
    box(
      'moov',
      box('mvhd', Buffer.alloc(100)),
      ...handlers.map(track),
      box('udta', box('meta', Buffer.alloc(4), box('hdlr', Buffer.alloc(8), 'mdir', Buffer.alloc(13)))),
    ),
  ]);
const inPieces = (file: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(file.length / size) }, (_, at) => file.subarray(at * size, (at + 1) * size));

describe('a recording', () => {
  it.each(['M4A ', 'mp42', 'isom', 'M4B ', 'dash', 'iso5'])(
    'of sound is told by its tracks, brand %j',
    async (brand) => {
      for (const size of [1, 13, 64_000]) {
        expect(await bytes('audio/mp4', ...inPieces(movie(brand, 'soun'), size))).toBe(true);
      }
      expect(await bytes('audio/mp4', movie(brand, 'soun', 'vide'))).toBe(false);
      expect(await bytes('video/mp4', movie(brand, 'vide', 'soun'))).toBe(true);
    },
  );

  it.each(['RF64', 'BW64'])('over 4 GiB is a wave: %s', async (name) => {
    expect(await bytes('audio/wav', `${name}\xff\xff\xff\xffWAVEds64`, Buffer.alloc(40))).toBe(true);
    expect(await bytes('audio/wav', `${name}\xff\xff\xff\xffAVI ds64`, Buffer.alloc(40))).toBe(false);
  });

  it('may be announced as sound or as .mp4', () => {
    const of = (name: string, type: string) => declaredKind(name, type)?.type;
    expect(of('memo.m4a', 'video/mp4')).toBe('audio/mp4');
    expect(of('memo.m4a', '')).toBe('audio/mp4');
    expect(of('memo.mp4', 'audio/mp4')).toBe('audio/mp4');
    expect(of('film.mp4', '')).toBe('video/mp4');
    expect(of('film.mp4', 'video/mp4')).toBe('video/mp4');
    expect(of('film.m4v', 'audio/mp4')).toBeUndefined();
  });
});

describe('a document', () => {
  it.each(['\n', '\r\n\r\n', ' ', '\xef\xbb\xbf\n'])('is one behind %j', async (blank) => {
    expect(await bytes('application/pdf', `${blank}%PDF-1.7\n%\xe2\xe3\xcf\xd3\n`)).toBe(true);
  });

  it.each(['GIF89a%PDF-1.7', '<html>%PDF-1.7', 'x\n%PDF-1.7'])('is none behind something else: %j', async (content) => {
    expect(await bytes('application/pdf', content)).toBe(false);
  });

  it('in an archive with a manifest is an archive', async () => {
    expect(await bytes('application/zip', archiveOf('META-INF/MANIFEST.MF', 'Manifest-Version: 1.0\n'))).toBe(true);
    expect(await bytes('application/zip', archiveOf('notes.txt', 'hello'))).toBe(true);
  });
});

/** One stored entry. PKWARE APPNOTE 4.3. */
const archiveOf = (name: string, content: string): Buffer => {
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(20, 4);
  local.writeUInt32LE(content.length, 18);
  local.writeUInt32LE(content.length, 22);
  local.writeUInt16LE(name.length, 26);
  return Buffer.concat([
    local,
    Buffer.from(name),
    Buffer.from(content),
    Buffer.from('PK\x05\x06' + '\0'.repeat(18), 'latin1'),
  ]);
};
