import type { Patch, PatchPush } from '../../protocol/envelope.js';
import type { BriefHead } from '../brief.reply.js';

/** What engine.io is given beside the text of a packet. Its WebSockets send what is framed already as it is. */
interface PacketOptions {
  compress: boolean;
  wsPreEncodedFrame?: readonly [Uint8Array];
}

/** A push as text: an event packet of socket.io's protocol (version 5), in its main namespace. */
export class PushFrame {
  readonly options: PacketOptions = { compress: true };

  constructor(
    readonly head: string,
    readonly tail: string,
  ) {}

  get text(): string {
    return this.tail === '' ? `2${this.head}]` : `2${this.head},${this.tail}]`;
  }

  /** From the second viewer on who gets the very same: its bytes are there, and only have to be written. */
  share(): void {
    this.options.wsPreEncodedFrame ??= framed(`4${this.text}`);
  }
}

/** Pushes in their short spellings: what the viewers of one state are told is put into words once, and often is the very same. */
export class PushFrames {
  private patch?: Patch;
  private from = 0;
  private tail = '';
  private last?: PushFrame;

  of({ h, patch }: Pick<PatchPush, 'h' | 'patch'>, { numbers, from }: BriefHead): PushFrame {
    if (this.patch !== patch || this.from !== from) {
      this.patch = patch;
      this.from = from;
      this.tail = JSON.stringify(from === 0 ? patch : patch.slice(from)).slice(1, -1);
    }
    const { tail, last } = this;
    const head = `[${h},${numbers.join(',')}`;
    if (last?.head === head && last.tail === tail) {
      last.share();
      return last;
    }
    return (this.last = new PushFrame(head, tail));
  }
}

/** Longer ones are for the socket to frame: their length takes another form (RFC 6455, 5.2), and copying them costs more than it saves. */
const MAX_FRAMED = 0xffff;
const MAX_SHORT = 125;

/** One text frame of a server: whole and unmasked (RFC 6455, 5.2). */
const framed = (text: string): readonly [Uint8Array] | undefined => {
  const length = Buffer.byteLength(text);
  if (length > MAX_FRAMED) return undefined;
  const start = length > MAX_SHORT ? 4 : 2;
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = 0x81;
  frame[1] = start === 2 ? length : 126;
  if (start === 4) frame.writeUInt16BE(length, 2);
  frame.write(text, start);
  return [frame];
};
