import { request as ask, type ClientRequest, type IncomingMessage } from 'node:http';

export interface StreamedEvent {
  readonly id: string;
  readonly event: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what the test expects of it is the test's business
  readonly data: any;
}

export interface StreamRequest {
  readonly url: string;
  readonly cookie?: string;
  readonly lastEventId?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Asks by POST, as an event does. */
  readonly body?: object;
  /** Gives up, also before anything has come. */
  readonly signal?: AbortSignal;
}

/** Somebody who reads pushes as server-sent events, as an `EventSource` would. */
export class StreamVisitor {
  static async open({ url, cookie, lastEventId, headers, body, signal }: StreamRequest): Promise<StreamVisitor> {
    const request = ask(url, {
      agent: false,
      signal,
      method: body ? 'POST' : 'GET',
      headers: {
        accept: 'text/event-stream',
        'sec-fetch-site': 'same-origin',
        ...(cookie === undefined ? {} : { cookie }),
        ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
    });
    request.end(body && JSON.stringify(body));
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request.once('response', resolve).once('error', reject);
    });
    return new StreamVisitor(url, request, response);
  }

  readonly events: StreamedEvent[] = [];
  comments = 0;
  ended = false;
  private text = '';
  private readonly waiting = new Set<() => void>();

  private constructor(
    readonly url: string,
    private readonly request: ClientRequest,
    readonly response: IncomingMessage,
  ) {
    request.on('error', () => this.note());
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => this.read(chunk));
    response.on('error', () => this.note());
    response.once('close', () => {
      this.ended = true;
      this.note();
    });
  }

  get status(): number {
    return this.response.statusCode ?? 0;
  }

  /** Resolves once `count` events of this name have come. */
  async got(event: string, count = 1): Promise<StreamedEvent> {
    const found = (): StreamedEvent | undefined => this.events.filter((one) => one.event === event)[count - 1];
    await this.until(() => found() !== undefined);
    return found()!;
  }

  end(): Promise<void> {
    return this.until(() => this.ended);
  }

  pause(): void {
    this.response.pause();
  }

  resume(): void {
    this.response.resume();
  }

  close(): void {
    this.request.destroy();
  }

  /** The body of an answer that is no stream. */
  async json(): Promise<{ readonly ok: boolean; readonly error: { readonly code: string } }> {
    await this.end();
    return JSON.parse(this.text) as never;
  }

  private read(chunk: string): void {
    this.text += chunk;
    if (this.response.headers['content-type']?.startsWith('text/event-stream')) {
      const blocks = this.text.split('\n\n');
      this.text = blocks.pop() ?? '';
      blocks.forEach((block) => this.readBlock(block));
    }
    this.note();
  }

  private readBlock(block: string): void {
    if (block.startsWith(':')) {
      this.comments += 1;
      return;
    }
    const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2) as never));
    const { id, event, data } = fields as Record<string, string>;
    this.events.push({ id: id ?? '', event: event ?? '', data: JSON.parse(data ?? 'null') });
  }

  private note(): void {
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
