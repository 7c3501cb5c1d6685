import type { IncomingMessage } from 'node:http';

/* The parts of socket.io used here: its own types belong to Nest's copy and must not leak into this package's. */

export type Ack = (reply: unknown) => void;

export interface LiveSocket {
  readonly id: string;
  readonly request: IncomingMessage;
  readonly data: Record<string, unknown>;
  readonly conn: { close(): void };
  emit(event: string, ...args: unknown[]): unknown;
  on(event: 'disconnect', listener: (reason: string) => void): unknown;
  on(event: 'error', listener: (error: unknown) => void): unknown;
  onAny(listener: (event: unknown, ...args: unknown[]) => void): unknown;
  disconnect(close?: boolean): unknown;
}

export interface LiveServer {
  readonly engine: {
    use(middleware: (request: IncomingMessage, response: unknown, next: (error?: Error) => void) => void): unknown;
  };
  use(middleware: (socket: LiveSocket, next: (error?: Error) => void) => void): unknown;
  on(event: 'connection', listener: (socket: LiveSocket) => void): unknown;
}
