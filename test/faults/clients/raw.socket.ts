import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

import { FrameSplitter } from '../network/frames.js';

/** What of an answer a case looks at. */
export interface Heard {
  readonly ok: boolean;
  readonly component_id?: string;
  readonly state?: string;
  readonly h?: number;
  readonly version?: number;
  readonly html?: string;
  readonly dup?: boolean;
  readonly seq?: number;
  readonly error?: { readonly code: string };
}

/** @returns the version of a render that was pushed; undefined for anything else */
export const pushedVersion = (text: string): number | undefined => {
  if (!/^42\[(?:"component_update"|\d)/.test(text)) return undefined;
  const [, said] = JSON.parse(text.slice(2)) as readonly [string | number, number | { readonly version: number }];
  return typeof said === 'number' ? said : said.version;
};

export interface RawOptions {
  /** Of a login. */
  readonly cookie?: string;
}

/** A socket.io connection written by hand: it can say anything, and it can stop listening. */
export class RawSocket {
  /** @param user null for nobody */
  static async open(port: number, user: string | null = 'raw', more: RawOptions = {}): Promise<RawSocket> {
    const socket = new RawSocket(connect(port, '127.0.0.1'), `127.0.0.1:${port}`, { user, ...more });
    await socket.until((text) => text.startsWith('40'));
    return socket;
  }

  readonly heard: string[] = [];
  isClosed = false;
  /** When something but a sign of life was heard last, of `performance.now()`. */
  heardAt = 0;
  /** The same of a render that was pushed. */
  pushedAt = 0;
  private acks = 0;
  private readonly frames = new FrameSplitter();
  private readonly waiting = new Set<(text: string) => void>();
  private upgraded = false;

  private constructor(
    readonly wire: Socket,
    host: string,
    { user, cookie }: RawOptions & { readonly user: string | null },
  ) {
    wire.on('error', () => wire.destroy());
    wire.on('close', () => {
      this.isClosed = true;
      this.waiting.forEach((look) => look(''));
    });
    wire.on('data', (chunk) => this.receive(chunk));
    wire.write(
      `GET /components/-/socket/?EIO=4&transport=websocket${user === null ? '' : `&user=${user}`} HTTP/1.1\r\nHost: ${host}\r\n` +
        (cookie ? `Cookie: ${cookie}\r\nOrigin: http://${host}\r\n` : '') +
        `Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n` +
        `Sec-WebSocket-Version: 13\r\n\r\n`,
    );
  }

  /** One text frame. */
  say(text: string): void {
    this.sayBytes(Buffer.from(text), 0x81);
  }

  /** One frame with any first byte and any content. */
  sayBytes(body: Buffer, first: number): void {
    if (this.wire.destroyed) return;
    const long = body.length > 125;
    const head = Buffer.alloc(long ? 8 : 6);
    head[0] = first;
    head[1] = 0x80 | (long ? 126 : body.length);
    if (long) head.writeUInt16BE(body.length, 2);
    // A mask of zeros is a mask.
    this.wire.write(Buffer.concat([head, body]));
  }

  /** Bytes as they are. */
  spill(bytes: Buffer): void {
    if (!this.wire.destroyed) this.wire.write(bytes);
  }

  /** A message and its acknowledgement; nothing when none comes. */
  async ask(args: readonly unknown[], ms = 2_000): Promise<Heard | undefined> {
    const ack = `43${++this.acks}[`;
    const answer = this.until((text) => text.startsWith(ack), ms);
    this.say(`42${this.acks}${JSON.stringify(args)}`);
    const text = await answer;
    return text ? (JSON.parse(text.slice(ack.length - 1)) as Heard[])[0] : undefined;
  }

  until(fits: (text: string) => boolean, ms = 5_000): Promise<string> {
    return new Promise((resolve) => {
      const end = (text: string): void => {
        clearTimeout(timer);
        this.waiting.delete(look);
        resolve(text);
      };
      const look = (text: string): void => {
        if (this.isClosed || fits(text)) end(text);
      };
      const timer = setTimeout(() => end(''), ms);
      this.waiting.add(look);
    });
  }

  close(): void {
    this.wire.destroy();
  }

  private receive(chunk: Buffer): void {
    let rest = chunk;
    if (!this.upgraded) {
      const head = chunk.indexOf('\r\n\r\n');
      if (head < 0) return;
      this.upgraded = true;
      rest = chunk.subarray(head + 4);
    }
    for (const { text, opcode } of this.frames.push(rest)) {
      // The server waits half a minute for somebody who does not say goodbye as well.
      if (opcode === 8) this.wire.destroy();
      if (text === undefined) continue;
      if (text.startsWith('0')) this.say('40');
      if (text === '2') this.say('3');
      else this.heardAt = performance.now();
      if (pushedVersion(text) !== undefined) this.pushedAt = this.heardAt;
      this.heard.push(text);
      this.waiting.forEach((look) => look(text));
    }
  }
}

/** Mounts a component and joins it, as a page life of its own. */
export const joinOwn = async (socket: RawSocket, component: string): Promise<Heard | undefined> => {
  const { component_id, state } = (await socket.ask(['mount', { component }])) ?? ({} as Partial<Heard>);
  return socket.ask(['join', { component, component_id, state, page: randomBytes(16).toString('base64url') }]);
};
