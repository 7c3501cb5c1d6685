/** One whole WebSocket frame as it came over the wire. */
export interface WireFrame {
  readonly bytes: Buffer;
  readonly opcode: number;
  /** Of a text frame that is not fragmented. */
  readonly text?: string;
}

/** Cuts a byte stream into whole WebSocket frames. */
export class FrameSplitter {
  private rest: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): WireFrame[] {
    this.rest = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
    const frames: WireFrame[] = [];
    for (let frame = this.take(); frame; frame = this.take()) frames.push(frame);
    return frames;
  }

  private take(): WireFrame | undefined {
    const { rest } = this;
    if (rest.length < 2) return undefined;
    const masked = (rest[1] & 0x80) !== 0;
    let length = rest[1] & 0x7f;
    let offset = 2;
    if (length === 126) {
      if (rest.length < 4) return undefined;
      length = rest.readUInt16BE(2);
      offset = 4;
    } else if (length === 127) {
      if (rest.length < 10) return undefined;
      length = Number(rest.readBigUInt64BE(2));
      offset = 10;
    }
    const start = offset + (masked ? 4 : 0);
    if (rest.length < start + length) return undefined;
    const bytes = rest.subarray(0, start + length);
    this.rest = rest.subarray(start + length);
    const opcode = bytes[0] & 0x0f;
    if (opcode !== 1) return { bytes, opcode };
    const body = Buffer.from(bytes.subarray(start));
    if (masked) for (let i = 0; i < body.length; i += 1) body[i] ^= bytes[offset + (i & 3)];
    return { bytes, opcode, text: body.toString('utf8') };
  }
}

/** A compact event of ours: `42<ack>[handle,seq,…]`. */
export const isEventFrame = ({ text }: WireFrame): boolean => text !== undefined && /^42\d+\[\d/.test(text);

/** The answer to an event: whole, or version, render and patch in an acknowledgement or behind the head of a response. */
export const answersEvent = (text: string): boolean => text.includes('"seq":') || /(?:^43\d+|\r\n\r\n)\[\d/.test(text);

/** The answer of the server to an event. */
export const isAnswerFrame = ({ text = '' }: WireFrame): boolean => text.startsWith('43') && answersEvent(text);
