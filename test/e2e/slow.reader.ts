import { type SocketVisitor } from './socket.visitor.js';

interface WebSocketOfWs {
  pause(): void;
  resume(): void;
}

// The client of socket.io has a `ws` socket below it, which can leave what comes in the kernel's buffers.
const wsOf = ({ socket }: SocketVisitor): WebSocketOfWs =>
  (socket.io.engine.transport as unknown as { ws: WebSocketOfWs }).ws;

/** Stays connected and reads nothing any more, as a phone in a tunnel does. */
export const stopReading = (visitor: SocketVisitor): void => wsOf(visitor).pause();

export const goOnReading = (visitor: SocketVisitor): void => wsOf(visitor).resume();
