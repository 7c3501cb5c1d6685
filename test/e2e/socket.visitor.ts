import { randomBytes } from 'node:crypto';

import type { ErrorReply, OkReply, Reply, UpdatePush } from 'nest-live';
import { io, type Socket } from 'socket.io-client';

export interface HandshakeOptions {
  /** @default '/components/-/socket' */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly auth?: object;
}

const ACK_MS = 4_000;

/** Somebody on the official socket.io-client. */
export class SocketVisitor {
  static async connect(url: string, options: HandshakeOptions = {}): Promise<SocketVisitor> {
    const visitor = SocketVisitor.dial(url, options);
    await new Promise<void>((resolve, reject) => {
      visitor.socket.on('connect', () => resolve()).on('connect_error', reject);
    });
    return visitor;
  }

  /** Does not wait for the connection. */
  static dial(url: string, { path = '/components/-/socket', headers, auth }: HandshakeOptions = {}): SocketVisitor {
    // A browser always says where it comes from, and says it whenever cookies come along.
    const extraHeaders = headers?.cookie === undefined ? headers : { origin: url, ...headers };
    return new SocketVisitor(
      io(url, {
        path,
        transports: ['websocket'],
        reconnection: false,
        forceNew: true,
        extraHeaders,
        auth,
      }),
    );
  }

  readonly page = randomBytes(16).toString('base64url');
  readonly updates: UpdatePush[] = [];
  readonly errors: ErrorReply[] = [];
  private readonly waiting = new Set<() => void>();

  private constructor(readonly socket: Socket) {
    socket.on('component_update', (update: UpdatePush) => this.note(this.updates, update));
    socket.on('error', (error: ErrorReply) => this.note(this.errors, error));
  }

  /** Any message in either form; rejects when no ack comes. */
  ask(message: string | number, ...args: readonly unknown[]): Promise<Reply> {
    return this.socket.timeout(ACK_MS).emitWithAck(message as string, ...args) as Promise<Reply>;
  }

  async ok(message: string | number, ...args: readonly unknown[]): Promise<OkReply> {
    const reply = await this.ask(message, ...args);
    if (!reply.ok) throw new Error(`refused: ${JSON.stringify(reply)}`);
    return reply;
  }

  async refused(message: string | number, ...args: readonly unknown[]): Promise<ErrorReply> {
    const reply = await this.ask(message, ...args);
    if (reply.ok) throw new Error(`accepted: ${JSON.stringify(reply)}`);
    return reply;
  }

  /** Mounts and joins, as the browser client does. */
  async open(component: string, params: object = {}): Promise<OkReply & { h: number; state: string }> {
    const { component_id, state, html } = await this.ok('mount', { component, params });
    const joined = await this.ok('join', { component, component_id, state, page: this.page });
    return { html, ...joined, h: joined.h ?? 0, state: joined.state ?? '' };
  }

  event(component_id: string, event: string, more: object = {}): Promise<Reply> {
    return this.ask('component_event', { component_id, event, ...more });
  }

  /** Resolves once `count` pushes have come. */
  async pushed(count = 1): Promise<UpdatePush> {
    await this.until(() => this.updates.length >= count);
    return this.updates[count - 1];
  }

  async refusedPush(count = 1): Promise<ErrorReply> {
    await this.until(() => this.errors.length >= count);
    return this.errors[count - 1];
  }

  closed(): Promise<string> {
    return new Promise((resolve) => this.socket.once('disconnect', (reason) => resolve(reason)));
  }

  close(): void {
    this.socket.disconnect();
  }

  private note<T>(list: T[], item: T): void {
    list.push(item);
    this.waiting.forEach((look) => look());
  }

  private until(reached: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!reached()) return;
        this.waiting.delete(look);
        resolve();
      };
      this.waiting.add(look);
      look();
    });
  }
}
