import { RawHttp } from '../load/http.mjs';
import { SocketIoClient } from '../load/socket-io.mjs';
import { judge, pathOf, Peer, Visit } from './peer.mjs';

class GatewayVisit extends Visit {
  #client;

  constructor(client) {
    super();
    this.#client = client;
    client.onEvent = (packet) => this.onPush(packet);
  }

  get bytes() {
    return this.#client.bytes;
  }

  do(operation, { shown, index = 0 }, done, fail) {
    this.#client.emit(`["do",["${operation}",${index}]]`, judge({ shown, done, fail }), fail);
  }

  close() {
    this.#client.close();
  }
}

export class GatewayPeer extends Peer {
  name = 'Nest gateway';
  what = 'Socket.IO, state, differences and browser code written by hand for this page';
  server = ['gateway-page.server.js', 'express'];
  packages = ['@nestjs/platform-socket.io', 'socket.io'];

  async open(port, page) {
    const http = await RawHttp.open(port);
    await http.page(pathOf(page));
    http.close();
    const client = await SocketIoClient.open(port, '/socket.io');
    await client.ask('open', page);
    return new GatewayVisit(client);
  }
}
