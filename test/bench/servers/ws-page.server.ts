import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { WebSocketServer, type RawData } from 'ws';

import { announceCounts } from './announced-counts.js';
import { listening } from './measured.js';
import { doByHand, pageByHand } from './page-by-hand.js';
import { newPage, parityOf, readPageKind, type Operation } from './page.model.js';

const TRANSPORT = `<script>
const socket = new WebSocket('ws://' + location.host + '/' + location.search);
socket.onopen = () => document.documentElement.classList.add('ready');
socket.onmessage = ({ data }) => tell(JSON.parse(data));
const ask = (operation, index) => socket.send(JSON.stringify([operation, index]));
</script>`;

const queryOf = (url = ''): Readonly<Record<string, string>> =>
  Object.fromEntries(new URL(url, 'http://localhost').searchParams);

/** The floor: a socket, and what has changed. */
const http = createServer(({ url }, response) => {
  const html = pageByHand(readPageKind(queryOf(url)), TRANSPORT);
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-length': Buffer.byteLength(html) });
  response.end(html);
});
http.keepAliveTimeout = 120_000;
const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });

sockets.on('connection', (socket, { url }) => {
  const state = newPage(readPageKind(queryOf(url)));
  socket.on('message', (data: RawData) => {
    const [operation, index] = JSON.parse((data as Buffer).toString()) as [Operation, number];
    socket.send(JSON.stringify(doByHand(state, operation, index)));
  });
});

const pushes = announceCounts((count) => {
  const told = JSON.stringify({ at: 0, count, parity: parityOf(count) });
  for (const socket of sockets.clients) socket.send(told);
});
http.listen(0, '127.0.0.1', () => listening((http.address() as AddressInfo).port, pushes));
