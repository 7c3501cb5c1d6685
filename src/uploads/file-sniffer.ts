import type { Readable } from 'node:stream';

import { kindOfType, type FileKind } from './file-kinds.js';
import { readMediaBoxes } from './media-boxes.js';
import { isTextFile } from './text-file.js';

/** How much is looked at where the sniffer has no verdict, or one that is too coarse. */
const HEAD_BYTES = 1_024;

/**
 * Whether the bytes are what their announcement says. Nothing but the bytes is asked: not the name, not a header.
 * @param open the file from its first byte; each call anew
 */
export const isOfKind = async (expected: FileKind, open: () => Readable): Promise<boolean> => {
  if (expected.nature !== 'bytes') {
    return isTextFile(expected, open());
  }
  const found = await sniff(open());
  const kind = found === undefined ? undefined : kindOfType(found);
  const second = SECOND_LOOKS[expected.type];
  return second ? second({ isFound: kind === expected, found, open }) : kind === expected;
};

interface Look {
  /** The sniffer says the same as the announcement. */
  readonly isFound: boolean;
  readonly found: string | undefined;
  readonly open: () => Readable;
}

/** Kinds whose honest files the sniffer does not know all of, and what is asked in its place. */
const SECOND_LOOKS: Readonly<Record<string, (look: Look) => boolean | Promise<boolean>>> = {
  // Blanks in front of it are what mail programs and scripts leave there. Anything else is another format first.
  'application/pdf': async ({ isFound, found, open }) =>
    isFound || (found === undefined && /^(?:\u00ef\u00bb\u00bf)?\s+%PDF-\d/.test(await headOf(open()))),
  // A manifest makes an archive a program only for who runs it.
  'application/zip': ({ isFound, found }) => isFound || found === 'application/java-archive',
  // EBU Tech 3306: waves over 4 GiB.
  'audio/wav': async ({ isFound, found, open }) =>
    isFound || (found === undefined && /^(?:RF64|BW64)[\s\S]{4}WAVEds64/.test(await headOf(open()))),
  // Whether it is to be heard or seen is said by its tracks: brands are chosen by the writer.
  'audio/mp4': async ({ isFound, found, open }) => {
    if (!isFound && found !== 'video/mp4') return false;
    const { tracks } = await readMediaBoxes(open());
    return !tracks.has('vide') && (isFound || tracks.has('soun'));
  },
  'video/mp4': ({ isFound, found }) => isFound || (found !== undefined && kindOfType(found)?.type === 'audio/mp4'),
  'image/avif': async ({ isFound, found, open }) =>
    isFound || (found === 'image/heif' && (await readMediaBoxes(open())).brands.includes('avif')),
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

const headOf = async (stream: Readable): Promise<string> => {
  let head = Buffer.alloc(0);
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      head = Buffer.concat([head, chunk]);
      if (head.length >= HEAD_BYTES) break;
    }
  } finally {
    stream.destroy();
  }
  return head.toString('latin1', 0, HEAD_BYTES);
};
