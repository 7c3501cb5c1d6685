import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Kept {
  readonly asked: IncomingHttpHeaders;
  readonly vary: readonly string[];
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

/**
 * A cache that many people share, as in front of a company's servers: it keeps whatever it is not forbidden to keep, and
 * gives it to everybody whose request has the same headers, as far as `Vary` names them.
 */
export class SharedCache {
  static async before(origin: string): Promise<SharedCache> {
    const cache = new SharedCache(origin);
    await new Promise<void>((resolve) => cache.server.listen(0, '127.0.0.1', resolve));
    return cache;
  }

  hits = 0;
  private readonly kept = new Map<string, Kept[]>();
  private readonly server: Server;

  private constructor(private readonly origin: string) {
    this.server = createServer((request, response) => {
      const { url = '/', headers, method = 'GET' } = request;
      const known = method === 'GET' ? this.kept.get(url)?.find((one) => isFor(one, headers)) : undefined;
      if (known) {
        this.hits += 1;
        send(known);
        return;
      }
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        void this.ask({ url, headers, method }, Buffer.concat(chunks)).then(send);
      });
      function send({ status, headers: said, body }: Kept): void {
        response.statusCode = status;
        for (const [name, value] of said) if (!OWN.has(name)) response.appendHeader(name, value);
        response.end(body);
      }
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private async ask(
    { url, headers, method }: { url: string; headers: IncomingHttpHeaders; method: string },
    sent: Buffer,
  ): Promise<Kept> {
    const passed = Object.entries(headers).filter(([name]) => !OWN.has(name) && name !== 'host');
    const init = { method, headers: passed as [string, string][], redirect: 'manual' } as const;
    const answer = await fetch(this.origin + url, sent.length > 0 ? { ...init, body: new Uint8Array(sent) } : init);
    const { status, headers: said } = answer;
    const vary = (said.get('vary') ?? '').split(',').map((name) => name.trim().toLowerCase());
    const fresh = { asked: headers, vary, status, headers: said, body: Buffer.from(await answer.arrayBuffer()) };
    const isForbidden = /\b(?:private|no-store|no-cache)\b/.test(said.get('cache-control') ?? '') || vary.includes('*');
    if (method === 'GET' && status === 200 && !isForbidden) this.kept.set(url, [...(this.kept.get(url) ?? []), fresh]);
    return fresh;
  }
}

const OWN: ReadonlySet<string> = new Set([
  'connection',
  'transfer-encoding',
  'content-length',
  'content-encoding',
  'keep-alive',
]);

const isFor = ({ asked, vary }: Kept, headers: IncomingHttpHeaders): boolean =>
  vary.every((name) => name === '' || asked[name] === headers[name]);
