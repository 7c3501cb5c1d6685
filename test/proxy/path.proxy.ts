import { createServer, request as ask, type IncomingMessage, type RequestOptions, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

const PATH = '/app';

/** A proxy that takes `/app` away and says so in a header, as many do; for machines without nginx. */
export class PathProxy {
  static async start(upstream: number): Promise<PathProxy> {
    const proxy = new PathProxy(upstream);
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  private constructor(private readonly upstream: number) {
    this.server = createServer((request, response) => {
      const onward = ask(this.onward(request), (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.pipe(response);
      });
      onward.on('error', () => response.destroy());
      response.on('close', () => onward.destroy());
      request.pipe(onward);
    });
    this.server.on('connection', (socket) => this.sockets.add(socket));
    this.server.on('upgrade', (request, near: Socket, head) => {
      const { path, headers } = this.onward(request);
      const far = connect(this.upstream, '127.0.0.1', () => {
        const lines = Object.entries(headers ?? {}).map(([name, value]) => `${name}: ${String(value)}`);
        far.write([`GET ${path ?? '/'} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
        far.write(head);
        near.pipe(far).pipe(near);
      });
      this.sockets.add(far);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ]) {
        one.on('error', () => other.destroy()).on('close', () => other.destroy());
      }
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => this.server.close(resolve));
  }

  private onward({ url = '/', method, headers }: IncomingMessage): RequestOptions {
    const path = url.startsWith(`${PATH}/`) ? url.slice(PATH.length) : '/outside';
    const said = { 'x-forwarded-host': headers.host, 'x-forwarded-proto': 'http', 'x-forwarded-prefix': PATH };
    return { host: '127.0.0.1', port: this.upstream, path, method, headers: { ...headers, ...said } };
  }
}
