import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';

import { Injectable, Logger } from '@nestjs/common';

import { Drain } from '../../observability/drain.js';

const LOOK_MS = 20;

/**
 * The connections of the HTTP server, whosever they are: a server that closes waits for each, so a page that asks every few
 * seconds, a peer of another gateway that never says goodbye, or an answer without end would hold a node that ends.
 */
@Injectable()
export class ServerConnections {
  private readonly logger = new Logger('Live');
  private readonly open = new Set<Socket>();
  /** Of TLS: what was made of those in `open`, once they have shaken hands. */
  private readonly secure = new Set<Socket>();
  private readonly sessions = new Set<ServerHttp2Session>();
  private readonly answering = new Map<ServerResponse, Socket>();
  private server?: Server;
  private watch?: NodeJS.Timeout;

  constructor(private readonly drain: Drain) {}

  attach(server: Server): void {
    this.server = server;
    server.on('connection', (socket: Socket) => keepUntilClosed(this.open, socket));
    server.on('secureConnection', (socket: Socket) => keepUntilClosed(this.secure, socket));
    server.on('session', (session: ServerHttp2Session) => {
      keepUntilClosed(this.sessions, session);
      if (this.watch) session.close();
    });
    server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
      this.answering.set(response, request.socket);
      response.on('close', () => this.answered(response));
      // HTTP/2 has another way to say it, and no such header.
      if (this.drain.isDraining && request.httpVersionMajor < 2) response.setHeader('connection', 'close');
    });
    this.drain.onBegin(() => {
      for (const response of this.answering.keys()) {
        if (response.req.httpVersionMajor < 2 && !response.headersSent) response.setHeader('connection', 'close');
      }
    });
  }

  /** The drain is over and the servers close: what still stands has its time, and is cut then. */
  end(): void {
    this.sessions.forEach((session) => session.close());
    let closesSince: number | undefined;
    this.watch = setInterval(() => {
      const now = performance.now();
      if (!this.server?.listening) closesSince ??= now;
      if (closesSince !== undefined && now - closesSince >= this.drain.graceMs) this.silent.forEach(cut);
      if (this.drain.leftMs <= 0) this.cutAll();
    }, LOOK_MS).unref();
  }

  /** The servers are closed. */
  stop(): void {
    clearInterval(this.watch);
    this.watch = undefined;
  }

  /** An answer that had begun before the drain could not say that it is the last one. */
  private answered(response: ServerResponse): void {
    const socket = this.answering.get(response);
    this.answering.delete(response);
    if (!this.drain.isDraining || response.req.httpVersionMajor >= 2) return;
    if (socket && ![...this.answering.values()].includes(socket)) socket.destroySoon();
  }

  /** Those that wait for no answer: sockets of whatever gateway, and peers that have not said what they want. */
  private get silent(): readonly Socket[] {
    const isTls = this.server instanceof TlsServer;
    const busy = new Set(this.answering.values());
    // A session of HTTP/2 ends by itself with its last answer.
    const isSession = (socket: Socket): boolean =>
      isTls ? (socket as { alpnProtocol?: unknown }).alpnProtocol === 'h2' : this.sessions.size > 0;
    return [...(isTls ? this.secure : this.open)].filter((socket) => !busy.has(socket) && !isSession(socket));
  }

  private cutAll(): void {
    const { size } = this.answering;
    if (size > 0) this.logger.warn(`Closing: ${size} answers did not end in time and were cut.`);
    this.secure.forEach(cut);
    this.open.forEach(cut);
  }
}

const keepUntilClosed = <T extends { once(event: 'close', listener: () => void): unknown }>(
  all: Set<T>,
  one: T,
): void => {
  all.add(one);
  one.once('close', () => all.delete(one));
};

const cut = (socket: Socket): void => void socket.destroy();
