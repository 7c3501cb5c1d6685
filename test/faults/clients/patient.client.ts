import { createHash, randomBytes } from 'node:crypto';

import { parseFragment, type Node } from 'parse5';

import { readBrief } from '../../../libs/client/src/brief.js';
import { post } from '../../../libs/client/src/http.js';
import { createSession } from '../../../libs/client/src/session.js';
import type { Session } from '../../../libs/client/src/session-port.js';
import { createSocket, type Socket } from '../../../libs/client/src/socket.js';
import type { Channel, Frame } from '../../../libs/client/src/frame.js';
import type { ErrorReply, OkReply, Reply, UpdatePush } from '../../../libs/client/src/wire.js';
import type { PatchPart } from '../../../src/protocol/envelope.js';
import { elementsIn, patchIn, placesOf, rootText } from '../../properties/applied-patch.js';
import type { History } from './history.js';

const PATIENCE_MS = 1_000;
const MAX_IN_FLIGHT = 16;
const MOUNT_TRIES = 100;

export interface ClientOptions {
  readonly port: number;
  readonly name: string;
  readonly component: string;
  readonly history: History;
  /** Who it is; one user may have many clients. @default 'crew' */
  readonly user?: string;
  /** Works on this instance instead of mounting one of its own. */
  readonly shares?: SharedInstance;
  /** Gets everything that is said to it. */
  readonly ears?: (said: string) => void;
  /** Looks at versions alone: for renders that are too large and too many to be taken apart. */
  readonly glances?: boolean;
  /** Frames that must not pass a socket at all. */
  readonly onlyHttp?: boolean;
}

/** An instance that was founded by a page nobody uses any more: whoever holds its token may join it. */
export interface SharedInstance {
  readonly id: string;
  readonly state: string;
}

export type Outcome = 'ok' | 'fail' | 'info';

interface Ticket {
  readonly id: string;
  readonly ticket: string;
}

/** Our browser client without its DOM: its own session, socket and HTTP, with a screen that only remembers. */
export class PatientClient {
  static async open(options: ClientOptions): Promise<PatientClient> {
    const client = new PatientClient(options);
    const { id, ticket } = await client.ticket();
    client.begin(id, ticket);
    return client;
  }

  /** Makes an instance for many clients of one user. */
  static async found(options: Omit<ClientOptions, 'shares'>): Promise<SharedInstance> {
    const founder = new PatientClient(options);
    const { id, ticket } = await founder.insist({});
    const { ticket: state } = await founder.insist({ component_id: id, state: ticket, page: founder.page });
    return { id, state };
  }

  /** Asked for and without an outcome. */
  pending = 0;
  readonly page = randomBytes(16).toString('base64url');
  private session!: Session;
  private socket!: Socket;
  private flying = 0;
  /** As a browser would have it. */
  private shown?: Node;
  private epoch?: string;
  private timer?: NodeJS.Timeout;
  private closed = false;

  private constructor(private readonly options: ClientOptions) {}

  get name(): string {
    return this.options.name;
  }

  get id(): string {
    return this.session.id;
  }

  get isConnected(): boolean {
    return this.socket.health().up;
  }

  /** Resolves with the event's only outcome. */
  call(event: string, id: string, payload?: unknown): Promise<Outcome> {
    const { history, name: client } = this.options;
    const instance = this.session.id;
    const began = performance.now();
    history.add({ client, instance, type: 'invoke', op: event, id });
    this.pending += 1;
    return new Promise((resolve) => {
      this.session.add({
        event,
        payload,
        source: id,
        settle: (reply: Reply) => {
          this.pending -= 1;
          const type = reply.ok ? 'ok' : reply.error.consumed === 'unknown' ? 'info' : 'fail';
          const more = reply.ok ? { v: reply.version, e: reply.epoch, dup: reply.dup } : { code: reply.error.code };
          const ms = Math.round((performance.now() - began) * 10) / 10;
          history.add({ client, instance, type, op: event, id, seq: reply.seq, ms, ...more });
          resolve(type);
        },
      });
    });
  }

  /** Connects now instead of after the pause. */
  connect(): void {
    this.socket.reconnect(0);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    clearTimeout(this.timer);
    this.socket.disconnect();
    // Its timers must not bring it back.
    this.socket.reconnect(2 ** 30);
    this.socket.disconnect();
    this.session.close();
  }

  private begin(id: string, ticket: string): void {
    const { port, name: client, component, history, user = 'crew', onlyHttp } = this.options;
    const url = `ws://127.0.0.1:${port}/components/-/socket/?EIO=4&transport=websocket&user=${user}`;
    this.socket = createSocket(url, {
      turned: () => this.pump(),
      push: (name, data) => this.hear(name, data),
    });
    this.session = createSession(
      { component, id, ticket, page: this.page },
      {
        ready: () => this.pump(),
        accept: (update: OkReply | UpdatePush) => this.show(update),
        replace: (reply: OkReply) => {
          const { component_id, state } = reply;
          if (component_id === undefined || state === undefined) return undefined;
          history.add({ client, instance: component_id, type: 'mount' });
          this.shown = undefined;
          return { id: component_id, ticket: state };
        },
        tell: ({ type, error, waiting, event }) =>
          history.add({
            client,
            instance: this.session.id,
            type: waiting ? 'retry' : 'told',
            op: type,
            code: error.code,
            id: event?.source as string | undefined,
          }),
      },
    );
    history.add({ client, instance: id, type: 'mount' });
    if (!onlyHttp) this.socket.connect();
  }

  /** @returns whether the page shows it now */
  private show({ html, patch, version: v, epoch: e = this.epoch }: OkReply | UpdatePush): boolean {
    const { history, name: client, glances } = this.options;
    if (html === undefined && !patch) return false;
    if (glances) {
      this.epoch = e;
      history.add({ client, instance: this.session.id, type: 'show', v, e });
      return true;
    }
    const shown = patch ? this.shown : parseFragment(html!);
    if (!shown) return false;
    const { length } = placesOf(elementsIn(shown)[0]);
    // It is not said where none has come or gone since it was.
    if (patch && (patch[0] ?? length) !== length) return false;
    if (patch) patchIn(shown, patch.slice(1) as PatchPart[]);
    this.epoch = e;
    this.shown = shown;
    const look = createHash('sha256')
      .update(rootText(shown).replace(/^<[^>]*>/, ''))
      .digest('base64url')
      .slice(0, 8);
    history.add({ client, instance: this.session.id, type: 'show', v, e, html: look });
    return true;
  }

  private hear(name: string, data: unknown): void {
    const update = data as UpdatePush & { readonly delayMs?: number };
    this.options.ears?.(JSON.stringify(data) ?? '');
    if (name === 'drain') setTimeout(() => this.closed || this.connect(), Math.random() * (update.delayMs ?? 5_000));
    if (update.component_id ? update.component_id !== this.session.id : !update.h) return;
    if (name === 'component_update' && update.h === this.session.h)
      this.session.push(update, this.socket.health().connection);
    if (name === 'error') this.session.rejoin();
  }

  /** The client's own order of transports: the socket when it holds, HTTP until it does. */
  private channel(): Channel | number {
    if (this.options.onlyHttp) return { connection: 0, room: 1 };
    const { up, since, flapping, connection } = this.socket.health();
    if (up && !flapping) return { connection, room: MAX_IN_FLIGHT - this.flying };
    const left = since + PATIENCE_MS - Date.now();
    return flapping || left <= 0 ? { connection: 0, room: 1 } : left;
  }

  private pump(): void {
    clearTimeout(this.timer);
    while (!this.closed && this.session) {
      const channel = this.channel();
      if (typeof channel === 'number') {
        this.timer = setTimeout(() => this.pump(), channel);
        return;
      }
      const frame = this.session.next(channel);
      if (!frame) return;
      this.send(frame);
    }
  }

  private send(frame: Frame): void {
    const { need, event, connection, body } = frame;
    const done = (reply?: Reply): void => {
      this.options.ears?.(JSON.stringify(reply) ?? '');
      if (!this.closed) this.session.answer(frame, reply);
    };
    if (need === 'page') return void this.ask({}).then(done);
    if (!connection) return void this.ask(body).then(done);
    if (event) this.flying += 1;
    this.socket.send(event ? (body as unknown[]) : [need === 'mount' ? need : 'join', body], (...said) => {
      if (event) this.flying -= 1;
      done(readBrief(said));
    });
  }

  private ask(body: object): Promise<Reply | undefined> {
    const { port, component, user = 'crew' } = this.options;
    return post(`http://127.0.0.1:${port}/components/${component}?user=${user}`, body);
  }

  private ticket(): Promise<Ticket> {
    const { shares } = this.options;
    return this.insist(shares ? { component_id: shares.id, state: shares.state, page: this.page, fresh: true } : {});
  }

  private async insist(body: object): Promise<Ticket> {
    let last: ErrorReply | undefined;
    for (let tries = 0; tries < MOUNT_TRIES; tries += 1) {
      const reply = await this.ask(body);
      if (reply?.ok && reply.state !== undefined) return { id: reply.component_id ?? '', ticket: reply.state };
      if (reply && !reply.ok) last = reply;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`client "${this.name}" got no component: ${JSON.stringify(last ?? 'no answer')}`);
  }
}
