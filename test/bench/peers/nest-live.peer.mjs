import { randomBytes } from 'node:crypto';

import { RawHttp } from '../load/http.mjs';
import { SocketIoClient } from '../load/socket-io.mjs';
import { judge, pathOf, Peer, Visit } from './peer.mjs';

/** As the browser client introduces itself. */
const AUTH = '{"acks":true,"patches":3,"takes":4}';

const COMPONENTS = { counters: 'counter', table: 'table', shared: 'board' };

/** So that a message stays below the limit of a frame. */
const JOINED_AT_ONCE = 50;

/** What of the HTML that came last is to be otherwise: how many characters stay, how many go, what comes. */
const likeLast = (last, edits) => {
  const left = [...edits];
  let [html, at] = ['', 0];
  while (left.length > 0) {
    const kept = left.shift();
    const gone = typeof left[0] === 'number' ? left.shift() : left[0].length;
    html += last.slice(at, at + kept) + left.shift();
    at += kept + gone;
  }
  return html + last.slice(at);
};

class LiveVisit extends Visit {
  #client;
  #handles;
  #seqs;
  /** Of each component, the HTML that came last in an order. */
  #lasts;

  constructor(client, handles) {
    super();
    this.#client = client;
    this.#handles = handles;
    this.#seqs = handles.map(() => 0);
    this.#lasts = handles.map(() => '');
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
    const judged = judge({ shown, done, fail });
    this.#client.emit(event, (text) => judged(this.#said(index, text)), fail);
  }

  /** An answer, with the HTML of rows that it says by their likeness. */
  #said(index, text) {
    const parts = JSON.parse(text.slice(text.indexOf('['))).filter(Array.isArray);
    const orders = parts.map(([, shown]) => shown).filter(Array.isArray);
    let said = text;
    for (const one of orders.flat()) {
      if (typeof one === 'number') continue;
      this.#lasts[index] = typeof one === 'string' ? one : likeLast(this.#lasts[index], one);
      said += this.#lasts[index];
    }
    return said;
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
