import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Duplex } from 'node:stream';

import { announceCounts } from './announced-counts.js';
import { listening } from './measured.js';
import {
  countTo,
  newPage,
  operate,
  readPageKind,
  type CounterState,
  type Operation,
  type PageState,
  type Row,
} from './page.model.js';
import { peerPackages } from './peer-packages.js';

type Html = (texts: TemplateStringsArray, ...values: readonly unknown[]) => object;

interface Event {
  readonly type: Operation;
  readonly index?: string;
}

interface Socket {
  readonly context: { readonly state: PageState };
  assign(context: object): void;
  subscribe(topic: string): Promise<void>;
}

interface LiveViewJs {
  readonly html: Html;
  readonly safe: (text: unknown) => object;
  readonly createLiveView: (view: object) => object;
  readonly SingleProcessPubSub: new () => { broadcast(topic: string, info: object): Promise<void> };
}

interface Express {
  use(...middleware: readonly unknown[]): void;
  get(
    path: string,
    answer: (request: object, response: { type(type: string): { send(body: string): void } }) => void,
  ): void;
}

interface Sockets {
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, done: (ws: object) => void): void;
  emit(event: string, ...values: readonly object[]): void;
}

const { html, safe, createLiveView, SingleProcessPubSub } = peerPackages('liveviewjs') as LiveViewJs;
const { NodeExpressLiveViewServer } = peerPackages('@liveviewjs/express') as {
  NodeExpressLiveViewServer: new (...options: readonly unknown[]) => {
    httpMiddleware(): unknown;
    wsMiddleware(): (sockets: Sockets) => Promise<void>;
  };
};
const express = peerPackages('express') as () => Express;
const session = peerPackages('express-session') as (options: object) => unknown;
const { WebSocketServer } = peerPackages('ws') as { WebSocketServer: new (options: object) => Sockets };

const TOPIC = 'counts';

const counter = ({ count, parity }: CounterState, index: number): object =>
  html`<section id="counter-${index}" class="counter ${parity}">
    <header><h2>Counter</h2></header>
    <p>Count <output>${count}</output></p>
    <div><button phx-click="click" phx-value-index="${index}">+1</button><button>0</button></div>
    <footer><small>live</small></footer>
  </section>`;

const row = ({ id, kind, name, qty, price, note }: Row): object =>
  html`<tr id="row-${id}" class="${kind}">
    <td>${id}</td>
    <td>${name}</td>
    <td>${qty}</td>
    <td>${price}</td>
    <td>${note}</td>
  </tr>`;

const table = ({ table: { rows, turn } }: PageState): object =>
  html`<section id="table">
    <h2>Orders <output>${turn}</output></h2>
    <nav>
      <button phx-click="cell">One cell</button><button phx-click="append">Append</button
      ><button phx-click="removeFirst">Remove</button><button phx-click="prepend">Prepend</button
      ><button phx-click="reverse">Turn</button>
    </nav>
    <table>
      <thead>
        <tr>
          <th>Number</th>
          <th>Name</th>
          <th>Quantity</th>
          <th>Price</th>
          <th>Note</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(row)}
      </tbody>
    </table>
  </section>`;

const page = createLiveView({
  mount: (socket: Socket) => {
    socket.assign({ state: newPage({ kind: 'counters', size: 0 }) });
  },
  handleParams: async ({ searchParams }: URL, socket: Socket) => {
    socket.assign({ state: newPage(readPageKind(Object.fromEntries(searchParams))) });
    await socket.subscribe(TOPIC);
  },
  handleEvent: ({ type, index }: Event, socket: Socket) => {
    const { state } = socket.context;
    operate(state, type, Number(index ?? 0));
    socket.assign({ state });
  },
  handleInfo: ({ count }: { count: number }, socket: Socket) => {
    const { state } = socket.context;
    countTo(state.counters[0], count);
    socket.assign({ state });
  },
  render: ({ state }: { state: PageState }) =>
    state.counters.length > 0 ? html`<div>${state.counters.map(counter)}</div>` : html`<div>${table(state)}</div>`,
});

const SCRIPTS = ['phoenix', 'phoenix_live_view'];

const CONNECT = `
const token = document.querySelector("meta[name='csrf-token']").getAttribute('content');
const live = new LiveView.LiveSocket('/live', Phoenix.Socket, { params: { _csrf_token: token } });
live.connect();`;

const layout = (_title: unknown, token: string, content: object): object =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="csrf-token" content="${token}" />
        <title>Peers</title>
      </head>
      <body>
        ${safe(content)}
        <script src="/phoenix.js"></script>
        <script src="/phoenix_live_view.js"></script>
        <script src="/connect.js"></script>
      </body>
    </html>`;

const pubSub = new SingleProcessPubSub();
const server = new NodeExpressLiveViewServer(
  { '/page': page },
  layout,
  { title: 'Peers' },
  { serDeSigningSecret: 'signs nothing but the pages of a benchmark', pubSub },
);

const app = express();
for (const name of SCRIPTS) {
  const script = readFileSync(join(dirname(peerPackages.resolve(name)), `${name}.min.js`), 'utf8');
  app.get(`/${name}.js`, (_request, response) => response.type('js').send(script));
}
app.get('/connect.js', (_request, response) => response.type('js').send(CONNECT));
app.use(session({ secret: 'of a benchmark', resave: false, saveUninitialized: true }));
app.use(server.httpMiddleware());

const http = createServer(app as never);
http.keepAliveTimeout = 120_000;
const sockets = new WebSocketServer({ noServer: true });
http.on('upgrade', (request, socket, head) =>
  sockets.handleUpgrade(request, socket, head, (ws) => sockets.emit('connection', ws, request)),
);
await server.wsMiddleware()(sockets);

const pushes = announceCounts((count) => pubSub.broadcast(TOPIC, { type: 'told', count }));
http.listen(0, '127.0.0.1', () => listening((http.address() as AddressInfo).port, pushes));
