import WebSocket from 'ws';

interface Answer {
  readonly id?: number;
  readonly type: 'success' | 'error' | 'event';
  readonly result?: unknown;
  readonly error?: string;
  readonly message?: string;
}

/** WebDriver BiDi: commands and their answers over one socket. https://www.w3.org/TR/webdriver-bidi/ */
export class BidiConnection {
  static async open(url: string): Promise<BidiConnection> {
    const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 256 * 1024 * 1024 });
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return new BidiConnection(socket);
  }

  private readonly waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  private last = 0;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => this.hear(JSON.parse(data.toString()) as Answer));
    socket.on('error', ({ message }) => this.end(message));
    socket.on('close', () => this.end('the browser has closed the connection'));
  }

  send<Result = unknown>(method: string, params: object = {}): Promise<Result> {
    this.last += 1;
    const id = this.last;
    this.socket.send(JSON.stringify({ id, method, params }));
    return new Promise<Result>((resolve, reject) => {
      this.waiting.set(id, {
        resolve: (value) => resolve(value as Result),
        reject: (error) => reject(new Error(`${method}: ${error.message}`)),
      });
    });
  }

  close(): void {
    this.socket.close();
  }

  private hear({ id, type, result, error, message }: Answer): void {
    if (id === undefined) return;
    const caller = this.waiting.get(id);
    this.waiting.delete(id);
    if (type === 'success') caller?.resolve(result);
    else caller?.reject(new Error(`${error}: ${message}`));
  }

  private end(reason: string): void {
    for (const { reject } of this.waiting.values()) reject(new Error(reason));
    this.waiting.clear();
  }
}
