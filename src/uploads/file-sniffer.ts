import type { Readable } from 'node:stream';

import { kindOfType, type FileKind } from './file-kinds.js';

/** Enough for the licence that stands in front of many a drawing. */
const HEAD_CHARS = 16_384;
/** Text has line ends and tabs, form feeds at most; anything else below a blank is another format. */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f]/;
const BYTE_ORDER_MARK = /^\u00ef\u00bb\u00bf/;
const MARKUP: Readonly<Record<string, RegExp>> = {
  // A comment ends at its first end: were there another way to read it, each one more would double the work.
  'image/svg+xml': /^(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->)[\s\S])*-->\s*|<!doctype svg[^>]*>\s*)*<svg[\s>]/i,
  'text/html': /^</,
  'application/xml': /^<(?:\?xml\s|!--|[a-z_])/i,
};

/**
 * Whether the bytes are what their announcement says. Nothing but the bytes is asked: not the name, not a header.
 * @param open the file from its first byte; each call anew
 */
export const isOfKind = async (expected: FileKind, open: () => Readable): Promise<boolean> => {
  const found = await sniff(open());
  if (expected.nature === 'bytes') {
    return found !== undefined && kindOfType(found) === expected;
  }
  // A sniffer knows markup by its prologue only; every other find means that this is no text.
  return (found === undefined || found === 'application/xml') && (await isText(expected, open()));
};

const sniff = async (stream: Readable): Promise<string | undefined> => {
  // Loaded with the first file: applications without uploads never pay for it.
  const { fileTypeFromStream } = await import('file-type');
  try {
    return (await fileTypeFromStream(stream))?.mime;
  } finally {
    stream.destroy();
  }
};

const isText = async (expected: FileKind, stream: Readable): Promise<boolean> => {
  let head = '';
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    // Byte by byte, in whatever encoding it is written: tables of older programs are no UTF-8.
    const part = Buffer.from(chunk).toString('latin1');
    if (CONTROLS.test(part)) {
      return false;
    }
    if (head.length < HEAD_CHARS) {
      head = (head + part).replace(BYTE_ORDER_MARK, '').trimStart();
    }
  }
  return looksLike(expected, head.slice(0, HEAD_CHARS));
};

const looksLike = ({ type, nature }: FileKind, head: string): boolean => {
  if (nature === 'markup') {
    return MARKUP[type].test(head);
  }
  if (type === 'application/json') {
    return /^[[{"\d\-tfn]/.test(head);
  }
  // Text that begins like a page is a page to whoever opens it without our headers.
  return !head.startsWith('<');
};
