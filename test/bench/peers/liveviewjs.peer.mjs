import { RawHttp } from '../load/http.mjs';
import { RawWebSocket } from '../load/websocket.mjs';
import { judge, pathOf, Peer, Visit } from './peer.mjs';

const attribute = (html, name) => new RegExp(` ${name}="([^"]*)"`).exec(html)?.[1] ?? '';

/** Its server ends a view that has not been heard of for a minute. */
const BEAT_MS = 30_000;

/** Phoenix's messages: `[join, number, topic, event, payload]`. */
class LiveViewJsVisit extends Visit {
  #socket;
  #topic;
  #number = 1;
  #answered;
  #fail = () => undefined;
  #beats = setInterval(() => this.#socket.send('[null,"0","phoenix","heartbeat",{}]'), BEAT_MS);

  constructor(socket, topic) {
    super();
    this.#socket = socket;
    this.#topic = topic;
    socket.onText = (text) => {
      if (text.includes('"phoenix"')) return;
      if (!text.includes('"phx_reply"')) {
        this.onPush(text);
        return;
      }
      if (text.includes('"status":"ok"')) this.#answered(text);
      else this.#fail(new Error(text.slice(0, 400)));
    };
    socket.onEnd = (reason) => this.#fail(new Error(reason));
  }

  get bytes() {
    return { up: this.#socket.sent, down: this.#socket.received };
  }

  join(payload) {
    return new Promise((done, fail) => this.#send('phx_join', payload, { shown: 'rendered', done, fail }));
  }

  do(operation, { shown, index }, done, fail) {
    const value = index === undefined ? { value: '' } : { index: String(index), value: '' };
    this.#send('event', { type: 'click', event: operation, value }, { shown, done, fail });
  }

  close() {
    clearInterval(this.#beats);
    this.#socket.close();
  }

  #send(event, payload, { shown, done, fail }) {
    this.#fail = fail;
    this.#answered = judge({ shown, done, fail });
    this.#number += 1;
    this.#socket.send(JSON.stringify(['1', String(this.#number), this.#topic, event, payload]));
  }
}

export class LiveViewJsPeer extends Peer {
  name = 'liveviewjs';
  what = 'LiveView for Node: a view and a tagged template, with the client of Phoenix LiveView';
  server = ['liveviewjs.server.js'];
  isGuest = true;
  ready = '[data-phx-main].phx-connected';
  packages = ['liveviewjs', '@liveviewjs/express', 'phoenix_live_view'];

  async open(port, page) {
    const http = await RawHttp.open(port);
    const { body } = await http.page(pathOf(page));
    http.close();
    const [, csrf] = /name="csrf-token" content="([^"]*)"/.exec(body);
    const socket = await RawWebSocket.open(port, `/live/websocket?_csrf_token=${encodeURIComponent(csrf)}&vsn=2.0.0`);
    const root = /<[^>]*data-phx-main[^>]*>/.exec(body)?.[0] ?? '';
    const visit = new LiveViewJsVisit(socket, `lv:${attribute(root, 'id')}`);
    await visit.join({
      url: `http://127.0.0.1:${port}${pathOf(page)}`,
      params: { _csrf_token: csrf, _mounts: 0 },
      session: attribute(root, 'data-phx-session'),
      static: attribute(root, 'data-phx-static'),
    });
    return visit;
  }
}
