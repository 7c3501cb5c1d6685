import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

export interface Upgrade {
  readonly port: number;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly query?: string;
  /** Of another gateway. */
  readonly path?: string;
}

/** A WebSocket written by hand: says what no client library would say, and all of it in one segment if asked. */
export class RawSocket {
  /** The answer to an upgrade: status line and headers. */
  static async upgrade({
    port,
    headers = {},
    query = 'EIO=4&transport=websocket',
    path = '/components/-/socket/',
  }: Upgrade): Promise<RawSocket> {
    const socket = connect(port, '127.0.0.1');
    const raw = new RawSocket(socket);
    const lines = {
      Host: `127.0.0.1:${port}`,
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
      ...headers,
    };
    const said = Object.entries(lines).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
    socket.write(`GET ${path}?${query} HTTP/1.1\r\n${said.join('\r\n')}\r\n\r\n`);
    await raw.until((text) => text.includes('\r\n\r\n'));
    return raw;
  }

  heard = '';
  closed = false;
  private readonly looks = new Set<() => void>();
  private deaf = false;

  private constructor(private readonly socket: Socket) {
    const changed = (): void => this.looks.forEach((look) => look());
    socket.on('data', (data) => {
      this.heard += data.toString('latin1');
      // A close frame: whoever does not answer it keeps the server waiting.
      if (!this.deaf && holdsClose(data)) socket.destroy();
      changed();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.closed = true;
      changed();
    });
  }

  get status(): number {
    return Number(/^HTTP\/1\.1 (\d+)/.exec(this.heard)?.[1]);
  }

  /** Text frames, in one write. */
  say(...texts: readonly string[]): void {
    this.socket.write(Buffer.concat(texts.map(frame)));
  }

  /** Resolves when what was heard passes, or the connection is over; a silence of four seconds is an error. */
  until(passes: (heard: string) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const silence = setTimeout(() => reject(new Error(`nothing more after: ${this.heard.slice(-200)}`)), 4_000);
      const look = (): void => {
        if (!passes(this.heard) && !this.closed) return;
        clearTimeout(silence);
        this.looks.delete(look);
        resolve();
      };
      this.looks.add(look);
      look();
    });
  }

  /** From now on it answers no goodbye. */
  deafen(): void {
    this.deaf = true;
  }

  end(): void {
    this.socket.destroy();
  }
}

/** A close frame with a code (1000 to 1023), or without. */
const holdsClose = (data: Buffer): boolean =>
  data.some((byte, i) => byte === 0x88 && (data[i + 1] === 0 || (data[i + 1] < 126 && data[i + 2] === 3)));

const frame = (text: string): Buffer => {
  const body = Buffer.from(text);
  const mask = randomBytes(4);
  const length =
    body.length < 126
      ? Buffer.from([0x80 | body.length])
      : Buffer.from([0x80 | 126, body.length >> 8, body.length & 255]);
  return Buffer.concat([Buffer.from([0x81]), length, mask, body.map((byte, i) => byte ^ mask[i % 4])]);
};
