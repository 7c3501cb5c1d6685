import { backoff } from './backoff.js';
import { readPush } from './brief.js';
import { readPacket } from './packet.js';
import { parts } from './parts.js';

export interface SocketListener {
  /** It came up or went down. */
  turned(): void;
  push(name: string, data: unknown): void;
}

/** Called once with the answer, or with nothing when the connection ended first. */
export type Answered = (...said: readonly unknown[]) => void;

export interface SocketState {
  /** Number of the connection, from 1; a new one never has the number of an old one. */
  readonly connection: number;
  readonly up: boolean;
  /** When it last came up or went down, by the page's own clock. */
  readonly since: number;
  /** Proxies may let sockets up and cut them at once: such a line counts only when it has held for a while. */
  readonly flapping: boolean;
  /** Largest message that the server takes, in bytes. */
  readonly maxBytes: number;
}

export interface Socket {
  readonly health: () => SocketState;
  /** Now, instead of after the pause. */
  readonly connect: () => void;
  /** Closes and connects again after a pause, in milliseconds. */
  readonly reconnect: (delayMs?: number) => void;
  readonly disconnect: () => void;
  readonly send: (args: readonly unknown[], answered: Answered) => void;
}

const STEADY_MS = 5_000;
const SHORT_LIVES = 3;
const HANDSHAKE_MS = 10_000;

/** Socket.IO over a native WebSocket: text only, one namespace, reconnecting for ever. */
export const createSocket = (url: string, listener: SocketListener): Socket => {
  const acks = new Map<number, Answered>();
  let ws: WebSocket | undefined;
  let up = false;
  let since = performance.now();
  let connection = 0;
  let messages = 0; // of this connection
  let attempt = 0;
  let shortLives = 0;
  let silenceMs = 0;
  let maxBytes = 65_536;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const turn = () => {
    up = !up;
    since = performance.now();
    listener.turned();
  };

  const steady = () => up && performance.now() - since > STEADY_MS;

  const flapping = () => {
    if (steady()) shortLives = attempt = 0;
    return shortLives >= SHORT_LIVES;
  };

  const listen = () => {
    clearTimeout(timer);
    timer = setTimeout(reconnect, silenceMs);
  };

  const connect = () => {
    if (ws) return;
    silenceMs = HANDSHAKE_MS;
    listen();
    ws = new WebSocket(url);
    ws.onmessage = ({ data }) => receive(data as string);
    ws.onclose = () => reconnect();
  };

  const disconnect = () => {
    clearTimeout(timer);
    if (!ws) return;
    // A dead network delivers the close event late or never.
    ws.onmessage = ws.onclose = null;
    ws.close();
    ws = undefined;
    if (!up) return;
    if (!flapping() && !steady()) shortLives++;
    turn();
    const waiting = [...acks.values()];
    acks.clear();
    for (const answered of waiting) answered();
  };

  const reconnect = (delayMs = backoff(attempt++)) => {
    disconnect();
    timer = setTimeout(connect, delayMs);
  };

  const receive = (text: string) => {
    const { kind, id, data } = readPacket(text);
    listen();
    if (kind === 0) {
      const { pingInterval, pingTimeout, maxPayload } = data as Record<string, number>;
      silenceMs = pingInterval + pingTimeout;
      maxBytes = maxPayload;
      ws!.send(`40{"acks":true,"patches":3,"takes":${parts.arrange ? 4 : 3}}`);
    } else if (kind === 2) ws!.send('3');
    else if (kind === 40) {
      connection++;
      messages = 0;
      turn();
    } else if (kind === 42) {
      // Said before it is shown: showing may close the connection. The first number is 0.
      if (text[2] !== '[') ws!.send(`43${id}[]`);
      listener.push(...readPush(data as readonly unknown[]));
    } else if (kind === 43) {
      const answered = acks.get(id);
      acks.delete(id);
      answered?.(...(data as readonly unknown[]));
      // 41 and 44: the server wants no connection of ours now; asking again finds out when it does.
    } else reconnect();
  };

  return {
    health: () => ({ connection, up, since, flapping: flapping(), maxBytes }),
    connect,
    reconnect,
    disconnect,
    send(args, answered) {
      // No number twice: a message that reaches the server in copies is answered as often, the last time long after the first.
      acks.set(messages, answered);
      ws!.send(`42${messages++}${JSON.stringify(args)}`);
    },
  };
};
