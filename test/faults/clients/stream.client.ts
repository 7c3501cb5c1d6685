import { connect, type Socket } from 'node:net';

import { Ears } from '../checkers/isolation.js';

/** An event as the server sent it, with what of its data a reader looks at. */
export interface StreamEvent {
  readonly event: string;
  readonly id?: string;
  readonly data: {
    readonly ok?: boolean;
    readonly html?: string;
    readonly epoch?: string;
    readonly version?: number;
    readonly component_id?: string;
    readonly error?: { readonly code: string };
  };
}

export interface StreamOptions {
  readonly port: number;
  readonly user: string;
  readonly component: string;
  readonly state: string;
  readonly page: string;
  /** Sent at the first connection instead of nothing. */
  readonly lastEventId?: string;
}

const PAUSE_MS = 100;

/** A browser's `EventSource` written by hand: it comes back with the last id it has heard, and it counts what is wrong. */
export class StreamClient {
  readonly ears: Ears;
  readonly refusals: string[] = [];
  lastEventId?: string;
  shown?: { readonly e: string; readonly v: number; readonly html: string };
  connections = 0;
  joins = 0;
  /** Renders of what was on the screen already, or of something older. */
  repeated = 0;
  /** The stream went on behind what was on the screen: a version in between was never shown. */
  missed = 0;
  isClosed = false;
  private wire?: Socket;
  private timer?: NodeJS.Timeout;
  private text = '';
  private inBody = false;

  constructor(private readonly options: StreamOptions) {
    this.ears = new Ears(options.user);
    this.lastEventId = options.lastEventId;
    this.connect();
  }

  pause(): void {
    this.wire?.pause();
  }

  resume(): void {
    this.wire?.resume();
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    this.wire?.destroy();
  }

  private connect(): void {
    const { port, user, component, state, page } = this.options;
    const wire = connect(port, '127.0.0.1');
    this.wire = wire;
    this.text = '';
    this.inBody = false;
    this.connections += 1;
    wire.setEncoding('utf8');
    wire.on('error', () => wire.destroy());
    wire.on('data', (chunk: string) => this.receive(chunk));
    wire.on('close', () => {
      if (!this.isClosed) this.timer = setTimeout(() => this.connect(), PAUSE_MS);
    });
    const query = new URLSearchParams({ sub: `${component}:${state}`, page, user });
    // HTTP/1.0: the answer comes as it is, without the lengths of its chunks in between.
    wire.write(
      `GET /components/-/pushes?${query} HTTP/1.0\r\nHost: 127.0.0.1:${port}\r\nAccept: text/event-stream\r\n` +
        `${this.lastEventId === undefined ? '' : `Last-Event-ID: ${this.lastEventId}\r\n`}\r\n`,
    );
  }

  private receive(chunk: string): void {
    this.ears.hear(chunk);
    this.text += chunk;
    if (!this.inBody) {
      const head = this.text.indexOf('\r\n\r\n');
      if (head < 0) return;
      const [, status] = /^HTTP\/1\.[01] (\d+)/.exec(this.text) ?? [];
      if (status !== '200') {
        this.refusals.push(/"code":"(\w+)"/.exec(this.text)?.[1] ?? `status ${status}`);
        this.wire?.destroy();
        return;
      }
      this.inBody = true;
      this.text = this.text.slice(head + 4);
    }
    // A block that was cut off is no event.
    const blocks = this.text.split('\n\n');
    this.text = blocks.pop() ?? '';
    for (const block of blocks) this.hear(block);
  }

  private hear(block: string): void {
    const fields = new Map(block.split('\n').map((line) => [line.split(':')[0], line.slice(line.indexOf(':') + 2)]));
    const event = fields.get('event');
    if (event === undefined) return;
    this.lastEventId = fields.get('id') ?? this.lastEventId;
    const data = JSON.parse(fields.get('data') ?? 'null') as StreamEvent['data'];
    if (event === 'error') this.refusals.push(data.error?.code ?? 'error');
    if (event === 'joined') this.join(data);
    if (event === 'component_update') this.show(data, 1);
  }

  private join(data: StreamEvent['data']): void {
    this.joins += 1;
    if (data.html) this.show(data);
    // Nothing new to show: then what is shown has to be what there is.
    else if (this.shown && (this.shown.e !== data.epoch || this.shown.v !== data.version)) this.missed += 1;
  }

  private show({ epoch = '', version = 0, html = '' }: StreamEvent['data'], step?: number): void {
    const { shown } = this;
    // A join shows all there is, also when that is what was shown; an update is news.
    if (shown?.e === epoch && (step === undefined ? version < shown.v : version <= shown.v)) this.repeated += 1;
    if (shown?.e === epoch && step !== undefined && version > shown.v + step) this.missed += 1;
    this.shown = { e: epoch, v: version, html };
  }
}
