import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';

import { Inject } from '@nestjs/common';
import { WebSocketGateway, type OnGatewayInit } from '@nestjs/websockets';

import { LiveError } from '../../errors/live-error.js';
import { refusal } from '../../lifecycle/run/failure.js';
import { LiveLog } from '../../observability/live.log.js';
import { LIMITS, type Limits } from '../../protocol/limits.js';
import { OriginPolicy } from '../origin.policy.js';
import { PREFIX } from '../prefix.js';
import type { LiveServer } from './live.socket.js';
import { ConnectedSockets } from './connected.sockets.js';
import { isSocketIo } from './server.checks.js';
import { SocketDispatcher } from './socket.dispatcher.js';

/**
 * Carries the connection and the application's socket adapter; the rules are the dispatcher's. Each `forRoot` makes a
 * subclass of its own, decorated when it is constructed, because gateway options are static and ours are injected.
 */
export class LiveGateway implements OnGatewayInit<LiveServer> {
  constructor(
    @Inject(SocketDispatcher) private readonly dispatcher: SocketDispatcher,
    @Inject(ConnectedSockets) private readonly sockets: ConnectedSockets,
    @Inject(OriginPolicy) private readonly origins: OriginPolicy,
    @Inject(LiveLog) private readonly log: LiveLog,
    @Inject(LIMITS) limits: Limits,
    @Inject(PREFIX) prefix: string,
  ) {
    WebSocketGateway({
      path: `${prefix}/-/socket`,
      transports: ['websocket'],
      serveClient: false,
      // Off: compression contexts cost ten times the memory of a connection, and frames are small.
      perMessageDeflate: false,
      maxHttpBufferSize: limits.maxFrameBytes,
      connectTimeout: limits.connectTimeoutMs,
      pingInterval: limits.pingIntervalMs,
      pingTimeout: limits.pingTimeoutMs,
    })(new.target);
  }

  afterInit(server: LiveServer): void {
    // Thrown here, it would end the process and name nothing.
    if (!isSocketIo(server)) {
      this.sockets.decline(server);
      return;
    }
    this.dispatcher.attach(server);
    // Of every request, and not by `allowRequest`: engine.io asks that for new sessions only, and reads for itself which
    // requests name one.
    server.engine.use((request, _response, next) => next(this.refused(request)));
  }

  /** The answer of a refused origin, which is then on its way. */
  private refused(request: IncomingMessage): Error | undefined {
    const { headers, socket } = request;
    const encrypted = (socket as Partial<TLSSocket>).encrypted === true;
    if (this.origins.allowsHandshake({ headers, encrypted })) {
      return undefined;
    }
    const failure = new LiveError('ORIGIN_REJECTED', this.origins.reasonOf({ headers, encrypted }));
    this.log.refused(failure, refusal(failure), { kind: 'handshake', transport: 'socket', envelope: {}, request });
    if (headers.upgrade !== undefined && socket.writable) {
      // engine.io answers 400 to a refused upgrade; a refused origin is a 403.
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    }
    return failure;
  }
}
