import { RawHttp } from '../load/http.mjs';
import { RawWebSocket } from '../load/websocket.mjs';
import { judge, pathOf, Peer, Visit } from './peer.mjs';

class WsVisit extends Visit {
  #socket;
  #answered;
  #fail = () => undefined;

  constructor(socket) {
    super();
    this.#socket = socket;
    socket.onText = (text) => {
      const answered = this.#answered;
      this.#answered = undefined;
      if (answered) answered(text);
      else this.onPush(text);
    };
    socket.onEnd = (reason) => this.#fail(new Error(reason));
  }

  get bytes() {
    return { up: this.#socket.sent, down: this.#socket.received };
  }

  do(operation, { shown, index = 0 }, done, fail) {
    this.#fail = fail;
    this.#answered = judge({ shown, done, fail });
    this.#socket.send(`["${operation}",${index}]`);
  }

  close() {
    this.#socket.close();
  }
}

export class WsPeer extends Peer {
  name = 'ws';
  what = 'the floor: a socket, and everything else written by hand for this page';
  server = ['ws-page.server.js'];
  packages = ['ws'];

  async open(port, page) {
    const http = await RawHttp.open(port);
    await http.page(pathOf(page));
    http.close();
    return new WsVisit(await RawWebSocket.open(port, pathOf(page)));
  }
}
