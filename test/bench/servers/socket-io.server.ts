import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';

import { listening } from './measured.js';

interface EchoSocket {
  join(room: string): void;
  on(event: 'echo', listener: (message: unknown, ack: (reply: unknown) => void) => void): void;
}

type SocketIo = new (
  server: object,
  options: object,
) => { on(event: 'connection', listener: (socket: EchoSocket) => void): void };

// The very copy that Nest runs on.
const nest = createRequire(createRequire(import.meta.url).resolve('@nestjs/platform-socket.io'));
const { Server } = nest('socket.io') as { Server: SocketIo };

const http = createServer();
const io = new Server(http, { transports: ['websocket'], serveClient: false, perMessageDeflate: false });
/** A room that every connection enters; none without the argument. */
const room = process.argv[2];
io.on('connection', (socket) => {
  socket.on('echo', (message, ack) => ack(message));
  if (room !== undefined) socket.join(room);
});
http.listen(0, '127.0.0.1', () => listening((http.address() as AddressInfo).port));
