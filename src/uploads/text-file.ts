import type { Readable } from 'node:stream';

import { isDrawing } from './drawing-prologue.js';
import type { FileKind } from './file-kinds.js';

/** Enough for the licence, or the list of entities, that stands in front of many a drawing. */
const HEAD_CHARS = 16_384;
/** Text has line ends and tabs, form feeds at most; anything else below a blank is another format. */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f]/;
/** Documents that consist of text, and are something else to whoever opens them. */
const DOCUMENTS = /^(?:%PDF-\d|\{\\rtf\d?|%!PS)/;

/**
 * Whether all of it is text, and begins as the kind does. Text is told by what it has not: a sniffer that knows formats by
 * their first letters takes "BMI,weight" for a picture.
 */
export const isTextFile = async (expected: FileKind, stream: Readable): Promise<boolean> => {
  let head = '';
  let read: ((chunk: Uint8Array) => string) | undefined;
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    read ??= readerOf(chunk);
    const part = read(chunk);
    if (CONTROLS.test(part)) {
      return false;
    }
    if (head.length < HEAD_CHARS) {
      head = (head + part).replace(/^\ufeff/, '').trimStart();
    }
  }
  // RFC 8259 §8.1: JSON that systems exchange is UTF-8.
  if (expected.type === 'application/json' && read !== undefined && read !== byByte) {
    return false;
  }
  return looksLike(expected, head.slice(0, HEAD_CHARS));
};

/** By the mark in front: UTF-16 of either order; otherwise whatever is written byte by byte. */
const readerOf = (first: Uint8Array): ((chunk: Uint8Array) => string) => {
  const [one, two] = first;
  const label = one === 0xff && two === 0xfe ? 'utf-16le' : one === 0xfe && two === 0xff ? 'utf-16be' : undefined;
  if (label === undefined) return byByte;
  const decoder = new TextDecoder(label, { ignoreBOM: true });
  return (chunk) => decoder.decode(chunk, { stream: true });
};

/** Tables of older programs are no UTF-8: each byte counts for itself, and the mark of UTF-8 for nothing. */
const byByte = (chunk: Uint8Array): string =>
  Buffer.from(chunk)
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '');

const looksLike = ({ type }: FileKind, head: string): boolean => {
  switch (type) {
    case 'image/svg+xml':
      return isDrawing(head);
    case 'text/html':
      return head.startsWith('<');
    case 'application/xml':
      return /^<(?:\?xml\s|!--|!doctype\s|[a-z_])/i.test(head);
    case 'application/json':
      return /^[[{"\d\-tfn]/.test(head) && !DOCUMENTS.test(head);
    default:
      // Text that begins like a page is a page to whoever opens it without our headers.
      return !head.startsWith('<') && !DOCUMENTS.test(head);
  }
};
