import type { PreviewFrame, Reply } from 'nest-live';

import { HttpVisitor } from './http.visitor.js';
import { SocketVisitor } from './socket.visitor.js';
import { StreamVisitor } from './stream.visitor.js';

/** One event as its client sees it. */
export interface Reading {
  readonly seq: number;
  /** Resolves once so many previews have come. */
  seen(count: number): Promise<PreviewFrame>;
  readonly previews: readonly PreviewFrame[];
  readonly answer: Promise<Reply>;
}

/** A page that shows a story and reads its events as they run. */
export interface Reader {
  /** Of the instance. */
  id: string;
  open(): Promise<void>;
  ask(event: string, payload?: unknown, seq?: number): Reading;
  /** Stops what is read, in this transport's own way. */
  stop(reading: Reading): Promise<void>;
  /** Comes back after its connection has ended, and sends the number again. */
  replay(event: string, seq: number): Promise<Reply>;
  disconnect(): void;
  close(): void;
}

/** Looks again and again: frames and answers come on different ways. */
export const until = async (reached: () => boolean): Promise<void> => {
  const end = Date.now() + 4_000;
  while (!reached()) {
    if (Date.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

class HttpReader implements Reader {
  id = '';
  private readonly visitor: HttpVisitor;
  private state = '';
  private seq = 0;
  private line = new AbortController();

  constructor(private readonly url: string) {
    this.visitor = new HttpVisitor(url);
  }

  async open(): Promise<void> {
    const { component_id, state } = await this.visitor.mount('story');
    const joined = await this.visitor.ok('story', { state });
    this.id = component_id;
    this.state = joined.state;
  }

  ask(event: string, payload?: unknown, seq = ++this.seq): Reading {
    const previews: PreviewFrame[] = [];
    const answer = this.read({ event, payload, seq }, previews);
    return {
      seq,
      previews,
      answer,
      seen: (count) => until(() => previews.length >= count).then(() => previews[count - 1]),
    };
  }

  async stop(): Promise<void> {
    this.disconnect();
    await Promise.resolve();
  }

  async replay(event: string, seq: number): Promise<Reply> {
    return (await this.visitor.post('story', { event, seq, state: this.state })).reply;
  }

  disconnect(): void {
    this.line.abort();
    this.line = new AbortController();
  }

  close(): void {
    this.disconnect();
  }

  private async read(event: object, previews: PreviewFrame[]): Promise<Reply> {
    const body = { page: this.visitor.page, state: this.state, ...event };
    const url = `${this.url}/components/story/stream`;
    const stream = await StreamVisitor.open({ url, cookie: this.visitor.cookie, body, signal: this.line.signal });
    if (stream.status !== 200) {
      return (await stream.json()) as never;
    }
    for (let count = 1; ; count += 1) {
      await until(() => stream.events.length >= count || stream.ended);
      const frame = stream.events[count - 1]?.data as PreviewFrame | (Reply & { done: true }) | undefined;
      if (!frame) throw new Error('the stream has ended without an answer');
      if (frame.done) {
        await stream.end();
        if (stream.events.length > count) throw new Error('something came after the answer');
        this.state = frame.ok ? (frame.state ?? this.state) : this.state;
        return frame;
      }
      previews.push(frame);
    }
  }
}

class SocketReader implements Reader {
  id = '';
  protected visitor!: SocketVisitor;
  protected h = 0;
  private state = '';
  private seq = 0;

  constructor(
    private readonly url: string,
    private readonly cookie: string,
    private readonly form: 'readable' | 'compact',
  ) {}

  async open(): Promise<void> {
    this.visitor = await SocketVisitor.connect(this.url, { headers: { cookie: this.cookie } });
    const { component_id, h, state } = await this.visitor.open('story');
    [this.id, this.h, this.state] = [component_id, h, state];
  }

  ask(event: string, payload?: unknown, seq = ++this.seq): Reading {
    const { visitor, id, h, form } = this;
    const from = visitor.updates.length;
    const answer =
      form === 'compact' ? visitor.ask(h, seq, event, payload ?? null) : visitor.event(id, event, { seq, payload });
    const frames = (): PreviewFrame[] =>
      (visitor.updates as unknown as PreviewFrame[]).slice(from).filter((frame) => frame.done === false);
    return {
      seq,
      answer,
      get previews() {
        return frames();
      },
      seen: (count) => until(() => frames().length >= count).then(() => frames()[count - 1]),
    };
  }

  async stop({ seq }: Reading): Promise<void> {
    await this.visitor.ok('cancel', { component_id: this.id, seq });
  }

  async replay(event: string, seq: number): Promise<Reply> {
    const again = await SocketVisitor.connect(this.url, { headers: { cookie: this.cookie } });
    this.visitor = again;
    const { id: component_id, state } = this;
    const joined = await again.ok('join', { component: 'story', component_id, state });
    this.h = joined.h ?? 0;
    return again.event(component_id, event, { seq });
  }

  disconnect(): void {
    this.visitor.close();
  }

  close(): void {
    this.visitor?.close();
  }
}

export type ReaderKind = 'http stream' | 'readable socket' | 'compact socket';

export const READERS: readonly ReaderKind[] = ['http stream', 'readable socket', 'compact socket'];

export const openReader = async (kind: ReaderKind, url: string): Promise<Reader> => {
  const visitor = new HttpVisitor(url);
  await visitor.mount('story');
  const reader =
    kind === 'http stream'
      ? new HttpReader(url)
      : new SocketReader(url, visitor.cookie, kind === 'compact socket' ? 'compact' : 'readable');
  await reader.open();
  return reader;
};
