import type { Ack, LiveSocket } from './live.socket.js';
import type { SocketMessage } from './socket.message.js';

interface Hearer {
  readonly failed: (error: unknown) => void;
  readonly left: (socket: LiveSocket) => void;
  readonly said: (socket: LiveSocket, message: SocketMessage) => void;
}

interface Listeners {
  readonly error: (error: unknown) => void;
  readonly disconnect: (this: LiveSocket) => void;
  readonly any: (this: LiveSocket, event: unknown, ...args: unknown[]) => void;
}

/** The same listeners for all sockets, which call them as their own: closures for each weigh a part of every connection. */
export const listenersOf = ({ failed, left, said }: Hearer): Listeners => ({
  // A client may send a message of this name too, with anything in it or nothing.
  error: failed,
  disconnect(this: LiveSocket): void {
    left(this);
  },
  any(this: LiveSocket, event: unknown, ...args: unknown[]): void {
    const last = args.at(-1);
    const ack = typeof last === 'function' ? (args.pop() as Ack) : undefined;
    said(this, { event, args, ack });
  },
});
