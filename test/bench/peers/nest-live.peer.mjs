import { randomBytes } from 'node:crypto';

import { RawHttp } from '../load/http.mjs';
import { SocketIoClient } from '../load/socket-io.mjs';
import { judge, pathOf, Peer, Visit } from './peer.mjs';

/** As the browser client introduces itself. */
const AUTH = '{"acks":true,"patches":true,"takes":2}';

const COMPONENTS = { counters: 'counter', table: 'table', shared: 'board' };

/** So that a message stays below the limit of a frame. */
const JOINED_AT_ONCE = 50;

class LiveVisit extends Visit {
  #client;
  #handles;
  #seqs;

  constructor(client, handles) {
    super();
    this.#client = client;
    this.#handles = handles;
    this.#seqs = handles.map(() => 0);
    client.onEvent = (packet) => {
      const [, ack] = /^42(\d+)/.exec(packet) ?? [];
      if (ack !== undefined) client.send(`43${ack}[]`);
      this.onPush(packet);
    };
  }

  get bytes() {
    return this.#client.bytes;
  }

  do(operation, { shown, index = 0 }, done, fail) {
    this.#seqs[index] += 1;
    const event = `[${this.#handles[index]},${this.#seqs[index]},"${operation}"]`;
    this.#client.emit(event, judge({ shown, done, fail }), fail);
  }

  close() {
    this.#client.close();
  }
}

/** The page is loaded, and its components join together, as in a browser. */
export class NestLivePeer extends Peer {
  name = 'nest-live';
  what = 'one class and one template, the browser client as it is';
  server = ['live-page.server.js', 'express'];
  ready = 'html.live-connected';
  packages = ['nest-live'];

  async open(port, page) {
    const http = await RawHttp.open(port);
    const response = await http.page(pathOf(page));
    http.close();
    const { body } = response;
    const headers = `Origin: http://127.0.0.1:${port}\r\n${RawHttp.cookiesOf(response)}`;
    const client = await SocketIoClient.open(port, '/components/-/socket', { auth: AUTH, headers });
    const life = randomBytes(16).toString('base64url');
    const component = COMPONENTS[page.kind];
    const requests = [...body.matchAll(/ live-state="([^"]+)"/g)].map(([, state]) => ({
      component,
      state,
      page: life,
      keeps: '',
    }));
    if (requests.length === 0) throw new Error(`no component in ${body.slice(0, 400)}`);
    const replies = [];
    while (replies.length < requests.length) {
      const some = requests.slice(replies.length, replies.length + JOINED_AT_ONCE);
      replies.push(...(await client.ask('join_all', { requests: some })).replies);
    }
    const refused = replies.find(({ ok }) => !ok);
    if (refused) throw new Error(`no join: ${JSON.stringify(refused)}`);
    return new LiveVisit(
      client,
      replies.map(({ h }) => h),
    );
  }
}
