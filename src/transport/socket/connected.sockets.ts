import { Inject, Injectable } from '@nestjs/common';

import { LiveError } from '../../errors/live-error.js';
import type { LiveCaller } from '../../lifecycle/caller/caller.js';
import type { Draining } from '../../observability/drain.js';
import { LIMITS, type Limits } from '../../protocol/limits.js';
import { principalKey } from '../caller.buckets.js';
import type { EngineConnection, LiveServer, LiveSocket, WebSocketLine } from './live.socket.js';
import { checkServer, isolateServer, refuseServer } from './server.checks.js';

const BATCH = 500;
const BATCH_MS = 500;
const LOOK_MS = 10;

/** The sockets of this node: how many there may be, and how they end. */
@Injectable()
export class ConnectedSockets implements Draining {
  readonly name = 'sockets';
  private readonly sockets = new Map<EngineConnection, Admitted>();
  private readonly byKey = new Map<string, number>();
  /** Every WebSocket, whatever became of its handshake: its closing is waited for when the server ends. */
  private readonly lines = new Map<WebSocketLine, EngineConnection>();
  private server?: LiveServer;
  private foreign?: { readonly server: unknown };

  constructor(@Inject(LIMITS) private readonly limits: Limits) {}

  attach(server: LiveServer): void {
    this.server = server;
    isolateServer(server);
    server.engine.on('connection', (connection) => {
      const line = connection.transport.socket;
      if (line) {
        this.lines.set(line, connection);
        line.once('close', this.lineClosed);
      }
    });
  }

  /** The application's adapter has made a server that we cannot speak with: told when everything has started. */
  decline(server: unknown): void {
    this.foreign = { server };
  }

  /** @throws LiveSetupError when the application's socket adapter has undone what this module relies on */
  check(): void {
    if (this.foreign) {
      refuseServer(this.foreign.server);
    }
    if (this.server) {
      checkServer(this.server);
    }
  }

  get size(): number {
    return this.sockets.size;
  }

  /** Bytes that clients have not taken yet. */
  get bufferedBytes(): number {
    let sum = 0;
    for (const line of this.lines.keys()) {
      sum += line.bufferedAmount;
    }
    return sum;
  }

  /**
   * Counts a connection until it is closed.
   * @throws LiveError `TOO_MANY_CONNECTIONS`
   */
  admit(socket: LiveSocket, caller: LiveCaller): void {
    const { conn } = socket;
    if (conn.readyState !== 'open' || this.sockets.has(conn)) {
      return;
    }
    const { maxConnections, maxConnectionsPerCaller, maxConnectionsPerIp } = this.limits;
    if (maxConnections > 0 && this.sockets.size >= maxConnections) {
      throw new LiveError('TOO_MANY_CONNECTIONS', `this node takes ${maxConnections} connections`);
    }
    keysOf(caller).forEach((key, at) => this.refuseOver(key, at === 0 ? maxConnectionsPerCaller : maxConnectionsPerIp));
    this.sockets.set(conn, { socket, caller });
    keysOf(caller).forEach((key) => this.byKey.set(key, (this.byKey.get(key) ?? 0) + 1));
    conn.on('close', this.closed);
  }

  // One function for all, which call it as their own: a closure for each would be held as long as its connection.
  private readonly lineClosed = ((sockets) =>
    function (this: WebSocketLine): void {
      sockets.lines.delete(this);
    })(this);

  private readonly closed = ((sockets) =>
    function (this: EngineConnection): void {
      sockets.leave(this);
    })(this);

  private leave(conn: EngineConnection): void {
    const admitted = this.sockets.get(conn);
    this.sockets.delete(conn);
    if (admitted) {
      keysOf(admitted.caller).forEach((key) => this.release(key));
    }
  }

  /** In batches: a thousand clients that come back at once are an attack on the next node. */
  async ask(spreadMs: number): Promise<void> {
    const open = Array.from(this.sockets.values(), ({ socket }) => socket);
    for (let from = 0; from < open.length; from += BATCH) {
      if (from > 0) {
        await pause(BATCH_MS);
      }
      open.slice(from, from + BATCH).forEach((socket) => socket.emit('drain', { delayMs: Math.max(1, spreadMs) }));
    }
  }

  // `disconnect()` would tell clients to stay away for good; a closed connection makes them come back.
  async close(graceMs: number): Promise<void> {
    [...this.lines.values()].forEach((connection) => connection.close());
    const end = performance.now() + graceMs;
    while (this.lines.size > 0 && performance.now() < end) {
      await pause(LOOK_MS);
    }
    // A peer that never answers the close frame would hold the HTTP server for half a minute.
    [...this.lines.keys()].forEach((line) => line.terminate());
  }

  private refuseOver(key: string, limit: number): void {
    if (limit > 0 && (this.byKey.get(key) ?? 0) >= limit) {
      const whose = key.startsWith('a:') ? 'one address' : 'one caller';
      throw new LiveError('TOO_MANY_CONNECTIONS', `${whose} may have ${limit} connections to a node`);
    }
  }

  private release(key: string): void {
    const left = (this.byKey.get(key) ?? 1) - 1;
    if (left > 0) {
      this.byKey.set(key, left);
      return;
    }
    this.byKey.delete(key);
  }
}

interface Admitted {
  readonly socket: LiveSocket;
  /** As it was when it was counted. */
  readonly caller: LiveCaller;
}

/** By whom a connection is counted: who it is of, and where that is known, from which network. */
const keysOf = (caller: LiveCaller): readonly string[] => {
  const { address } = caller.owner;
  return address === undefined ? [principalKey(caller)] : [principalKey(caller), `a:${address}`];
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
