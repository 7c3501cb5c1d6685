import { request as httpRequest, type ClientRequest } from 'node:http';

import type { ErrorReply, OkReply, Reply } from 'nest-live';

import { HttpVisitor, type HttpAnswer } from './http.visitor.js';
import { SocketVisitor } from './socket.visitor.js';

export interface ChosenFile {
  readonly name: string;
  readonly bytes: Buffer | string;
  /** As the browser would say. */
  readonly type?: string;
  /** Said in the place of the real one. */
  readonly size?: number;
}

export interface Ticket {
  readonly index: number;
  readonly id: string;
  readonly token: string;
  readonly maxBytes: number;
}

type Announced = NonNullable<OkReply['effects']['upload']>;

export interface Sent {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { readonly ok: boolean; readonly error?: ErrorReply['error']; readonly [name: string]: unknown };
}

/** A page with an upload field, driven over HTTP without a browser. */
export class UploadVisitor {
  static async open(url: string, component: string, headers: Record<string, string> = {}): Promise<UploadVisitor> {
    const http = new HttpVisitor(url, headers);
    const visitor = new UploadVisitor(http, component, headers);
    visitor.keep(await http.mount(component));
    return visitor;
  }

  html = '';
  id = '';
  private state = '';

  private constructor(
    readonly http: HttpVisitor,
    private readonly component: string,
    private readonly headers: Record<string, string>,
  ) {}

  async event(event: string, payload: unknown = {}): Promise<Reply> {
    const { reply } = await this.http.post(this.component, { state: this.state, event, payload });
    return this.keep(reply);
  }

  /** @throws Error when the event itself is refused */
  async announce(field: string, files: readonly ChosenFile[]): Promise<Announced> {
    const said = files.map(({ name, bytes, type = '', size = Buffer.byteLength(bytes) }) => ({ name, size, type }));
    const reply = await this.event('$upload', { field, files: said });
    if (!reply.ok || !reply.effects.upload) throw new Error(`no tickets: ${JSON.stringify(reply)}`);
    return reply.effects.upload;
  }

  async ticket(field: string, file: ChosenFile): Promise<Ticket> {
    const { tickets, refused } = await this.announce(field, [file]);
    if (!tickets[0]) throw new Error(`refused: ${JSON.stringify(refused)}`);
    return tickets[0];
  }

  async send(
    { token }: Pick<Ticket, 'token'>,
    bytes: Buffer | string,
    headers: Record<string, string> = {},
  ): Promise<Sent> {
    const answer = await this.http.send('POST', '/components/-/upload', {
      body: Buffer.from(bytes),
      headers: { 'live-upload': token, 'upload-offset': '0', 'content-type': 'application/octet-stream', ...headers },
    });
    return { status: answer.status, headers: answer.headers, body: JSON.parse(answer.text) as Sent['body'] };
  }

  /** A body that is written piece by piece, and may be cut. */
  begin({ token }: Pick<Ticket, 'token'>, headers: Record<string, string | number> = {}): SlowUpload {
    const own = { cookie: this.http.cookie, 'sec-fetch-site': 'same-origin', 'live-upload': token, 'upload-offset': 0 };
    const request = httpRequest(`${this.http.url}/components/-/upload`, {
      method: 'POST',
      agent: false,
      headers: { ...own, ...this.headers, ...headers },
    });
    return new SlowUpload(request);
  }

  head({ token }: Pick<Ticket, 'token'>): Promise<HttpAnswer> {
    return this.http.send('HEAD', '/components/-/upload', { headers: { 'live-upload': token } });
  }

  cancel({ token }: Pick<Ticket, 'token'>): Promise<HttpAnswer> {
    return this.http.send('DELETE', '/components/-/upload', { headers: { 'live-upload': token } });
  }

  /** All of it, from the announcement into the field. */
  async upload(field: string, file: ChosenFile): Promise<Reply> {
    const ticket = await this.ticket(field, file);
    const sent = await this.send(ticket, file.bytes);
    if (sent.status !== 200) throw new Error(`not taken: ${JSON.stringify(sent.body)}`);
    return this.event('$uploaded', { field, ids: [ticket.id] });
  }

  /** The same page, by way of another node. */
  goTo(url: string): void {
    (this.http as { url: string }).url = url;
  }

  /** The same instance in another page of the same person, perhaps on another node. */
  async lookedAt(url: string): Promise<SocketVisitor> {
    const visitor = await SocketVisitor.connect(url, { headers: { ...this.headers, cookie: this.http.cookie } });
    await visitor.ok('subscribe', { component: this.component, component_id: this.id, state: this.state });
    return visitor;
  }

  leave(): Promise<HttpAnswer> {
    return this.http.leave(this.component, this.state);
  }

  private keep(reply: Reply): Reply {
    this.state = reply.state ?? this.state;
    this.id = reply.component_id ?? this.id;
    this.html = (reply.ok && reply.html) || this.html;
    return reply;
  }
}

/** A request whose body is still being written. */
export class SlowUpload {
  readonly answered: Promise<Sent>;

  constructor(private readonly request: ClientRequest) {
    this.answered = new Promise((resolve, reject) => {
      request.on('error', reject);
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const headers = new Headers(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
          const text = Buffer.concat(chunks).toString();
          resolve({ status: response.statusCode ?? 0, headers, body: JSON.parse(text) as Sent['body'] });
        });
      });
    });
    // Whoever cuts it does not wait for an answer.
    this.answered.catch(() => undefined);
  }

  write(bytes: Buffer | string): Promise<void> {
    return new Promise((resolve) => this.request.write(bytes, () => resolve()));
  }

  end(): Promise<Sent> {
    this.request.end();
    return this.answered;
  }

  cut(): void {
    this.request.destroy();
  }
}
