import type { Readable } from 'node:stream';

/** What an ISO base media file (MP4, HEIF, AVIF) says of itself. ISO/IEC 14496-12. */
export interface MediaBoxes {
  /** `ftyp`: the brands, the major one first. */
  readonly brands: readonly string[];
  /** `hdlr` of the tracks: `soun`, `vide`, `text`… */
  readonly tracks: ReadonlySet<string>;
}

/** Brands of a longer list than this are not read. */
const LONGEST_FTYP = 1_024;
/** A track's handler, behind its name: version, flags and four bytes kept free. */
const HANDLER = { length: 16, at: 12 };

/** Reads the boxes of a file as they pass; keeps no more than a few bytes of them. */
export const readMediaBoxes = async (stream: Readable): Promise<MediaBoxes> => {
  const brands: string[] = [];
  const tracks = new Set<string>();
  let held = Buffer.alloc(0);
  let skip = 0;
  let isInMovie = false;
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      if (skip >= chunk.length) {
        skip -= chunk.length;
        continue;
      }
      held = Buffer.concat([held, chunk.subarray(skip)]);
      skip = 0;
      while (held.length >= 16) {
        const { type, size, header } = boxAt(held);
        if (size < header) return { brands, tracks };
        if (type === 'ftyp' && size <= LONGEST_FTYP) {
          if (held.length < size) break;
          for (let at = 8; at + 4 <= size; at += 4) if (at !== 12) brands.push(held.toString('latin1', at, at + 4));
        }
        if (type === 'hdlr' && isInMovie && held.length < HANDLER.length + 4) break;
        if (type === 'hdlr' && isInMovie) tracks.add(held.toString('latin1', HANDLER.at + 4, HANDLER.at + 8));
        isInMovie ||= type === 'moov';
        // These hold others; all else is passed over.
        const step = type === 'moov' || type === 'trak' || type === 'mdia' ? header : size;
        skip = Math.max(0, step - held.length);
        held = held.subarray(Math.min(step, held.length));
      }
    }
  } finally {
    stream.destroy();
  }
  return { brands, tracks };
};

const boxAt = (held: Buffer): { type: string; size: number; header: number } => {
  const size = held.readUInt32BE(0);
  const type = held.toString('latin1', 4, 8);
  if (size === 1) return { type, size: Number(held.readBigUInt64BE(8)), header: 16 };
  // To the end of the file.
  return { type, size: size === 0 ? Infinity : size, header: 8 };
};
