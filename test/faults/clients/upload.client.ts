import { randomBytes } from 'node:crypto';
import { request, type ClientRequest } from 'node:http';

interface Reply {
  readonly ok: boolean;
  readonly component_id?: string;
  readonly state?: string;
  readonly html?: string;
  readonly effects?: {
    readonly upload?: {
      readonly tickets: readonly { readonly id: string; readonly token: string }[];
      readonly refused?: readonly { readonly code: string }[];
    };
  };
  readonly error?: { readonly code: string };
}

export interface BodyPlan {
  readonly token: string;
  readonly offset?: number;
  /** What is sent. */
  readonly bytes: Buffer;
  /** `content-length`. @default as many as are sent */
  readonly says?: number;
  /** What happens when they are sent. @default 'end' */
  readonly then?: 'end' | 'cut' | 'wait';
}

export interface Ticket {
  readonly id: string;
  readonly token: string;
}

/** A page with one attic, and its files on their way there: by HTTP, so that every byte is ours. */
export class UploadClient {
  static async open(port: number, user: string): Promise<UploadClient> {
    const client = new UploadClient(port, user);
    const { component_id, state } = await client.post({});
    client.id = component_id!;
    client.state = state!;
    return client;
  }

  private id = '';
  private state = '';
  private seq = 0;
  private readonly page = randomBytes(16).toString('base64url');

  private constructor(
    public port: number,
    private readonly user: string,
  ) {}

  async event(event: string, payload: object): Promise<Reply> {
    this.seq += 1;
    const { id: component_id, state, page, seq } = this;
    const reply = await this.post({ component_id, state, page, seq, event, payload });
    this.state = reply.state ?? this.state;
    return reply;
  }

  /** @returns a ticket, or the code of the refusal */
  async announce(size: number, name = 'notes.txt'): Promise<Ticket | string> {
    const files = [{ name, size, type: 'text/plain' }];
    const { effects, error } = await this.event('$upload', { field: 'files', files });
    const [ticket] = effects?.upload?.tickets ?? [];
    return ticket ?? effects?.upload?.refused?.[0]?.code ?? error?.code ?? 'no answer';
  }

  /** @returns the code of the answer: `ok`, the refusal's, or `none` when the connection ended without one */
  send({ token, offset = 0, bytes, says = bytes.length, then = 'end' }: BodyPlan): Promise<string> {
    return new Promise((resolve) => {
      const outgoing = this.ask('POST', {
        'live-upload': token,
        'upload-offset': String(offset),
        'content-type': 'application/octet-stream',
        'content-length': String(says),
      });
      outgoing.once('error', () => resolve('none'));
      outgoing.once('response', (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.once('error', () => resolve('none'));
        response.once('end', () => {
          outgoing.destroy();
          resolve(codeIn(text, response.statusCode ?? 0));
        });
      });
      if (then === 'end') outgoing.end(bytes);
      else outgoing.write(bytes, () => then === 'cut' && setTimeout(() => outgoing.destroy(), 30));
    });
  }

  /** @returns how many bytes the server has; -1 when it knows of none */
  offset(token: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const outgoing = this.ask('HEAD', { 'live-upload': token });
      outgoing.once('error', reject);
      outgoing.once('response', ({ statusCode, headers }) =>
        resolve(statusCode === 200 ? Number(headers['upload-offset']) : -1),
      );
      outgoing.end();
    });
  }

  private ask(method: string, headers: Readonly<Record<string, string>>): ClientRequest {
    const path = `/components/-/upload?user=${this.user}`;
    return request({ host: '127.0.0.1', port: this.port, method, path, headers, agent: false });
  }

  private async post(body: object): Promise<Reply> {
    const response = await fetch(`http://127.0.0.1:${this.port}/components/attic?user=${this.user}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
    });
    return (await response.json()) as Reply;
  }
}

const codeIn = (text: string, status: number): string => {
  if (status < 300) return 'ok';
  const { error } = JSON.parse(text) as Reply;
  return error?.code ?? String(status);
};
