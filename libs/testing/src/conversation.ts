import { randomBytes } from 'node:crypto';

import { LiveError, type ErrorReply, type OkReply, type Reply } from 'nest-live';
import type { AccessedInstance, Position, RequestEnvelope } from 'nest-live/extend';

import type { Inside, Line, Listener, Mounting, Pushed, Site, Watching } from './line.js';
import { BUSY, unlessBusy } from './unless-busy.js';

/** An event as a component is asked for it. */
export type Event = Pick<RequestEnvelope, 'event' | 'payload' | 'fields'>;

/** What one page and the server say to each other about one instance: token, position, numbers. */
export class Conversation {
  /** Id of the instance. */
  id = '';
  private line?: Line;
  private token = '';
  private page = newPage();
  private at?: Position;
  private seq = 0;
  /** Sent, and refused in a way that leaves it to be sent again under its number. */
  private unsettled?: RequestEnvelope;

  constructor(
    private readonly site: Site,
    private readonly mounting: Mounting,
    private readonly listener: Listener,
  ) {}

  get version(): number {
    return this.at?.v ?? 0;
  }

  /** How a message names the component. */
  get name(): string {
    return `"${this.mounting.component}"`;
  }

  /** A new instance on a new page. @throws LiveError the refusal */
  async begin(): Promise<{ readonly mounted: OkReply; readonly joined: OkReply }> {
    this.page = newPage();
    this.at = undefined;
    this.seq = 0;
    this.unsettled = undefined;
    const mounted = this.accepted(await unlessBusy(() => this.site.mount(this.mounting), isBusy));
    this.id = mounted.component_id;
    return { mounted, joined: await this.open('join', mounted.state ?? '') };
  }

  /** @throws LiveError the refusal */
  async open(ask: 'join' | 'subscribe', token = this.token): Promise<OkReply> {
    const line = await this.site.open(this.listener);
    this.line = line;
    const { component } = this.mounting;
    const named = this.id === '' ? {} : { component_id: this.id };
    const asked = { component, state: token, page: this.page, at: this.at, ...named };
    const reply = this.accepted(await unlessBusy(() => line.ask(ask, asked), isBusy));
    this.take(reply);
    return reply;
  }

  /** What a page holds of a component that came in the HTML of another one. @throws LiveError the refusal */
  enter(owner: Conversation, { id, state }: { readonly id: string; readonly state: string }): Promise<OkReply> {
    this.page = owner.page;
    this.id = id;
    return this.open('join', state);
  }

  /** The present render, asked for. @throws LiveError the refusal */
  async refresh(): Promise<OkReply> {
    const { token: state, page, id: component_id } = this;
    const asked = { component: this.mounting.component, component_id, state, page };
    const reply = this.accepted(await this.connection.ask('join', asked));
    this.take(reply);
    return reply;
  }

  /** What another page may join the same instance by. */
  get ticket(): string {
    return this.token;
  }

  /** What is to be sent again goes first, as in the browser. */
  async send(event: Event, watching?: Watching): Promise<Reply> {
    if (this.unsettled) {
      const reply = await this.deliver(this.unsettled);
      if (!reply.ok && this.unsettled) {
        return reply;
      }
    }
    return this.deliver({ ...event, seq: this.seq + 1 }, watching);
  }

  /** @throws TypeError when the newest event was answered for good */
  retry(): Promise<Reply> {
    if (!this.unsettled) {
      throw new TypeError(`${this.name} has nothing to send again: its newest event was answered for good.`);
    }
    return this.deliver(this.unsettled);
  }

  async leave(): Promise<Reply> {
    const reply = await this.connection.ask('leave', this.envelope());
    this.close();
    return reply;
  }

  async look(): Promise<void> {
    await this.line?.look?.(this.envelope());
  }

  close(): void {
    this.line?.close();
    this.line = undefined;
  }

  /** @returns whether the push brought something to show */
  hear({ html, at, token }: Pushed): boolean {
    this.token = token ?? this.token;
    this.at = html === '' ? this.at : at;
    return html !== '';
  }

  as(caller: Inside['caller']): AccessedInstance {
    return { component: this.mounting.component, id: this.id, token: this.token, caller };
  }

  private async deliver(said: RequestEnvelope, watching?: Watching): Promise<Reply> {
    const reply = await this.connection.ask('event', this.envelope(said), watching);
    this.unsettled = !reply.ok && reply.error.retryable && reply.error.consumed !== true ? said : undefined;
    if (reply.ok || reply.error.consumed === true) {
      this.seq = said.seq ?? this.seq;
    }
    this.take(reply);
    return reply.ok || !LOST.has(reply.error.code) ? reply : this.anew(reply);
  }

  /** What the store has forgotten it is asked for again, with numbers that begin anew; what it still has is shown. */
  private async anew(refused: ErrorReply): Promise<Reply> {
    this.at = undefined;
    this.seq = 0;
    this.unsettled = undefined;
    const { token: state, page, id: component_id } = this;
    const asked = { component: this.mounting.component, component_id, state, page, fresh: true as const };
    const reply = await unlessBusy(() => this.connection.ask('join', asked), isBusy);
    this.take(reply);
    return reply.ok ? { ...refused, html: reply.html } : refused;
  }

  private take(reply: Reply): void {
    this.token = reply.state ?? this.token;
    if (reply.ok) {
      this.id = reply.component_id;
      this.at = reply.epoch === undefined ? this.at : { e: reply.epoch, v: reply.version };
    }
  }

  private envelope(said: RequestEnvelope = {}): RequestEnvelope {
    const { token: state, page, at, id: component_id } = this;
    return { ...said, component: this.mounting.component, component_id, state, page, at };
  }

  private get connection(): Line {
    if (!this.line) {
      throw new TypeError(`The page of ${this.name} is closed: reload() or reconnect() opens it again.`);
    }
    return this.line;
  }

  private accepted(reply: Reply): OkReply {
    if (reply.ok) {
      return reply;
    }
    const { code, message, fields } = reply.error;
    const details = fields ? ` ${JSON.stringify(fields)}` : '';
    throw new LiveError(code, `${this.name} was refused: ${code} ${message}${details}`, { fields });
  }
}

/** Refusals after which the browser client joins again by itself, with numbers that begin anew. */
const LOST: ReadonlySet<string> = new Set(['STATE_ROLLED_BACK', 'CLIENT_SESSION_EXPIRED']);

const isBusy = (reply: Reply): boolean => !reply.ok && reply.error.code === BUSY;

const newPage = (): string => randomBytes(16).toString('base64url');
