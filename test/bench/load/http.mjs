import { connect } from 'node:net';

const BREAK = '\r\n\r\n';

/** One HTTP/1.1 keep-alive connection, spoken by hand, with one request in flight. */
export class RawHttp {
  #socket;
  #head;
  #received = '';
  #onResponse;
  #onFailure;
  #sent = 0;
  #bytes = 0;
  #ended;

  static open(port) {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => resolve(new RawHttp(socket, port)));
    });
  }

  constructor(socket, port) {
    this.#socket = socket;
    this.#head = `Host: 127.0.0.1:${port}\r\nConnection: keep-alive\r\nSec-Fetch-Site: same-origin\r\n`;
    socket.setEncoding('latin1');
    socket.on('data', (text) => this.#read(text));
    socket.on('error', (error) => this.#end(error));
    socket.on('close', () => this.#end(new Error('the server closed the connection')));
  }

  get bytes() {
    return { up: this.#sent, down: this.#bytes };
  }

  get(path, onResponse, onFailure, accept = 'application/json') {
    this.#send(`GET ${path} HTTP/1.1\r\n${this.#head}Accept: ${accept}\r\n\r\n`, onResponse, onFailure);
  }

  /** A whole page, as somebody who opens it gets it. */
  async page(path) {
    const response = await new Promise((resolve, reject) => this.get(path, resolve, reject, 'text/html'));
    if (response.status !== 200) throw new Error(`${path}: ${response.status} ${response.body.slice(0, 400)}`);
    return response;
  }

  /** ASCII only: what the benchmarks send is. */
  post(path, { body, type = 'application/json', headers = '' }, onResponse, onFailure) {
    this.#send(
      `POST ${path} HTTP/1.1\r\n${this.#head}${headers}Content-Type: ${type}\r\n` +
        `Content-Length: ${body.length}\r\n\r\n${body}`,
      onResponse,
      onFailure,
    );
  }

  /** The header by which its cookies come back. */
  static cookiesOf({ head }) {
    const cookies = [...head.matchAll(/\r\nset-cookie: ([^;\r]+)/gi)].map(([, cookie]) => cookie);
    return cookies.length > 0 ? `Cookie: ${cookies.join('; ')}\r\n` : '';
  }

  close() {
    this.#onFailure = undefined;
    this.#socket.destroy();
  }

  // A connection that ended between two rounds has nobody to tell: the next request is told.
  #end(error) {
    this.#ended ??= error;
    this.#onFailure?.(error);
  }

  #send(text, onResponse, onFailure) {
    if (this.#ended) {
      onFailure(this.#ended);
      return;
    }
    this.#onResponse = onResponse;
    this.#onFailure = onFailure;
    this.#sent += text.length;
    this.#socket.write(text, 'latin1');
  }

  #read(text) {
    this.#bytes += text.length;
    const received = this.#received === '' ? text : this.#received + text;
    const end = received.indexOf(BREAK);
    const length = end < 0 ? undefined : /\r\ncontent-length: (\d+)/i.exec(received)?.[1];
    if (end >= 0 && length === undefined) {
      this.#onFailure?.(new Error(`a response without Content-Length: ${received.slice(0, end)}`));
      return;
    }
    if (end < 0 || received.length < end + BREAK.length + Number(length)) {
      this.#received = received;
      return;
    }
    this.#received = '';
    const head = received.slice(0, end);
    this.#onResponse({ status: Number(head.slice(9, 12)), head, body: received.slice(end + BREAK.length) });
  }
}
