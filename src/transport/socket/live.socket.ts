import type { IncomingMessage } from 'node:http';

/* The parts of socket.io used here: its own types belong to Nest's copy and must not leak into this package's. */

export type Ack = (...said: readonly unknown[]) => void;

/** The WebSocket below a connection. */
export interface WebSocketLine {
  /** Bytes that the peer has not taken yet. */
  readonly bufferedAmount: number;
  once(event: 'close', listener: (this: WebSocketLine) => void): unknown;
  /** Ends it without a goodbye. */
  terminate(): void;
}

/** One engine.io connection: what a socket stands on. */
export interface EngineConnection {
  readonly readyState: string;
  readonly transport: { readonly socket?: WebSocketLine };
  /** Packets that wait behind a frame the peer does not take. */
  readonly writeBuffer?: readonly { readonly data?: unknown }[];
  on(event: 'close', listener: (this: EngineConnection) => void): unknown;
  /** A message of engine.io, which is a packet of socket.io. */
  send(text: string, options?: object): unknown;
  /** The client comes back by itself. `discard`: what waits is thrown away. */
  close(discard?: boolean): void;
}

export interface LiveSocket {
  readonly id: string;
  readonly request: IncomingMessage;
  /** `auth` is what the client said of itself when it connected. */
  readonly handshake: { readonly auth?: unknown };
  readonly data: Record<string, unknown>;
  readonly conn: EngineConnection;
  emit(event: string | number, ...args: unknown[]): unknown;
  on(event: 'disconnect', listener: (this: LiveSocket, reason: string) => void): unknown;
  on(event: 'error', listener: (error: unknown) => void): unknown;
  /** Who hears of all that is sent by `emit`. */
  listenersAnyOutgoing(): readonly unknown[];
  onAny(listener: (this: LiveSocket, event: unknown, ...args: unknown[]) => void): unknown;
  disconnect(close?: boolean): unknown;
}

export interface LiveServer {
  readonly opts?: {
    readonly connectionStateRecovery?: { readonly skipMiddlewares?: boolean };
    /** Packets in another form than socket.io's own. */
    readonly parser?: unknown;
  };
  readonly engine: {
    readonly opts?: { readonly perMessageDeflate?: unknown };
    on(event: 'connection', listener: (connection: EngineConnection) => void): unknown;
    use(middleware: (request: IncomingMessage, response: unknown, next: (error?: Error) => void) => void): unknown;
  };
  of(namespace: string): { readonly adapter: object };
  /** How its namespaces reach the sockets of other processes; without an argument it tells. */
  adapter(made?: unknown): unknown;
  use(middleware: (socket: LiveSocket, next: (error?: Error) => void) => void): unknown;
  on(event: 'connection', listener: (socket: LiveSocket) => void): unknown;
}
