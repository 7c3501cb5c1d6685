import type { ErrorReply, Reply, UpdatePush } from 'nest-live';
import type { Effects, RequestEnvelope } from 'nest-live/extend';
import type { Socket, io } from 'socket.io-client';

import { Line, type Ask, type Listener } from './line.js';
import { optionalPeer } from './optional-peer.js';
import { BUSY, unlessBusy } from './unless-busy.js';
import type { Visitor } from './visitor.js';

const ACK_MS = 20_000;

const MESSAGES = { join: 'join', subscribe: 'subscribe', event: 'component_event', leave: 'leave' } as const;

/** The official socket.io-client. */
export class SocketLine extends Line {
  /** @throws Error when `socket.io-client` is not installed, or the handshake is refused */
  static async open(visitor: Visitor, listener: Listener): Promise<SocketLine> {
    const client = await optionalPeer<{ readonly io: typeof io }>('socket.io-client', {
      purpose: 'LiveTest.connect() over a socket',
      install: 'socket.io-client (or connect(…, { transport: "http" }))',
    });
    const shaken = await unlessBusy(
      () => shakeHands(client.io, visitor),
      (outcome) => outcome instanceof Error && outcome.message === BUSY,
    );
    if (shaken instanceof Error) {
      throw new Error(`${visitor.address.url} refused the socket: ${shaken.message}`, { cause: shaken });
    }
    return new SocketLine(shaken, listener);
  }

  readonly #socket: Socket;
  /** Whether the server holds the instance for this socket: then it is named by its id and needs no token. */
  #isHeld = false;

  private constructor(socket: Socket, listener: Listener) {
    super();
    this.#socket = socket;
    socket.on('component_update', ({ html, effects, epoch: e, version: v }: UpdatePush) => {
      listener.update({ html, effects, at: { e, v } });
    });
    socket.on('effect', ({ effects }: { readonly effects: Effects }) => {
      listener.update({ html: '', effects, at: { e: '', v: 0 } });
    });
    socket.on('error', (reply: ErrorReply) => listener.refuse(reply));
  }

  async ask(ask: Ask, envelope: RequestEnvelope): Promise<Reply> {
    const isOpening = ask === 'join' || ask === 'subscribe';
    const said = this.#isHeld && !isOpening ? { ...envelope, state: undefined } : envelope;
    const reply = (await this.#socket.timeout(ACK_MS).emitWithAck(MESSAGES[ask], said)) as Reply;
    if (isOpening && reply.ok) {
      this.#isHeld = reply.h !== undefined;
    }
    return reply;
  }

  close(): void {
    this.#socket.disconnect();
  }
}

/** @returns the open socket, or why there is none */
const shakeHands = (dial: typeof io, { address, headers }: Visitor): Promise<Socket | Error> => {
  const socket = dial(address.url, {
    path: `${address.prefix}/-/socket`,
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: { ...headers },
  });
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(socket));
    socket.once('connect_error', (reason) => {
      socket.close();
      resolve(reason);
    });
  });
};
