import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';

const SHORT = 126;
const TEXT = 1;
const CLOSE = 8;

/** A WebSocket of text messages on a bare TCP socket: enough of RFC 6455 for a server that sends whole frames. */
export class RawWebSocket {
  /** Bytes on the wire, frame headers included. */
  sent = 0;
  received = 0;
  onText = () => undefined;
  onEnd = () => undefined;
  #socket;
  #rest = Buffer.alloc(0);

  /**
   * @param path with query, as the server expects it
   * @param headers more of them, each with its line end
   */
  static open(port, path, headers = '') {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      const key = randomBytes(16).toString('base64');
      socket.once('error', reject);
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n${headers}\r\n`,
      );
      let head = Buffer.alloc(0);
      const onData = (chunk) => {
        head = Buffer.concat([head, chunk]);
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        socket.off('data', onData);
        const status = head.toString('latin1', 9, 12);
        if (status !== '101') {
          reject(new Error(`the handshake of ${path} was answered ${head.toString('latin1', 0, end)}`));
          return;
        }
        // The caller takes its first message from here, so it gets the socket before any frame is read.
        const opened = new RawWebSocket(socket);
        resolve(opened);
        setImmediate(() => opened.#read(head.subarray(end + 4)));
      };
      socket.on('data', onData);
    });
  }

  constructor(socket) {
    this.#socket = socket;
    socket.pause();
    setImmediate(() => {
      socket.on('data', (chunk) => this.#read(chunk));
      socket.resume();
    });
    socket.on('error', (error) => this.onEnd(error.message));
    socket.on('close', () => this.onEnd('the server closed the socket'));
  }

  /** ASCII text only: what the benchmarks send is. */
  send(text) {
    const length = text.length;
    const header = length < SHORT ? 6 : 8;
    const frame = Buffer.allocUnsafe(header + length);
    frame[0] = 0x80 | TEXT;
    if (length < SHORT) {
      frame[1] = 0x80 | length;
    } else {
      frame[1] = 0x80 | SHORT;
      frame.writeUInt16BE(length, 2);
    }
    // Not zero, or the server would skip the work of unmasking.
    const [a, b, c, d] = MASK;
    frame.set(MASK, header - 4);
    frame.latin1Write(text, header);
    for (let at = header; at < frame.length; at += 4) {
      frame[at] ^= a;
      if (at + 1 < frame.length) frame[at + 1] ^= b;
      if (at + 2 < frame.length) frame[at + 2] ^= c;
      if (at + 3 < frame.length) frame[at + 3] ^= d;
    }
    this.sent += frame.length;
    this.#socket.write(frame);
  }

  close() {
    this.onEnd = () => undefined;
    this.#socket.destroy();
  }

  #read(chunk) {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    let at = 0;
    while (bytes.length - at >= 2) {
      const short = bytes[at + 1] & 0x7f;
      const header = short < SHORT ? 2 : short === SHORT ? 4 : 10;
      if (bytes.length - at < header) break;
      const length =
        short < SHORT ? short : short === SHORT ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
      const end = at + header + length;
      if (bytes.length < end) break;
      const opcode = bytes[at] & 0x0f;
      this.received += header + length;
      if (opcode === TEXT) this.onText(bytes.toString('utf8', at + header, end));
      if (opcode === CLOSE) this.onEnd('the server sent a close frame');
      at = end;
    }
    this.#rest = bytes.subarray(at);
  }
}

const MASK = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);
