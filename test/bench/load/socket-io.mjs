import { RawWebSocket } from './websocket.mjs';

/** One Socket.IO connection, spoken by hand, with one question in flight. */
export class SocketIoClient {
  #socket;
  #ack = 0;
  #onAck;
  #onFailure;
  #ended;
  #greeting;
  /** What the server says by itself. */
  onEvent = () => undefined;

  /** @param auth what the client says of itself, as JSON text */
  static async open(port, path, { auth = '', headers } = {}) {
    const socket = await RawWebSocket.open(port, `${path}/?EIO=4&transport=websocket`, headers);
    const client = new SocketIoClient(socket, `40${auth}`);
    await new Promise((resolve, reject) => {
      client.#onAck = resolve;
      client.#onFailure = reject;
    });
    return client;
  }

  constructor(socket, greeting) {
    this.#socket = socket;
    this.#greeting = greeting;
    socket.onText = (text) => this.#receive(text);
    socket.onEnd = (reason) => {
      this.#ended ??= new Error(reason);
      this.#onFailure?.(this.#ended);
    };
  }

  get bytes() {
    return { up: this.#socket.sent, down: this.#socket.received };
  }

  /** @param json the arguments as the text of a JSON list; `onAck` gets the whole packet */
  emit(json, onAck, onFailure) {
    this.#onAck = onAck;
    this.#onFailure = onFailure;
    // A socket that ended between two rounds had nobody to tell.
    if (this.#ended) {
      onFailure(this.#ended);
      return;
    }
    this.#socket.send(`42${this.#ack}${json}`);
    this.#ack += 1;
  }

  /** Emits and waits for the first argument of the acknowledgement. */
  async ask(...args) {
    const packet = await new Promise((resolve, reject) => this.emit(JSON.stringify(args), resolve, reject));
    return JSON.parse(packet.slice(packet.indexOf('[')))[0];
  }

  /** A packet as it is, without an answer. */
  send(packet) {
    this.#socket.send(packet);
  }

  close() {
    this.#socket.close();
  }

  #receive(text) {
    switch (text.slice(0, 2)) {
      case '43':
        this.#onAck(text);
        return;
      case '40':
        this.#onAck(text);
        return;
      case '42':
        this.onEvent(text);
        return;
      case '2':
        this.#socket.send('3');
        return;
    }
    if (text.startsWith('0')) {
      this.#socket.send(this.#greeting);
      return;
    }
    if (text.startsWith('44')) this.#onFailure(new Error(text));
  }
}
