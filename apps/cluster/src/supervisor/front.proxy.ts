import { connect, createServer, type Server, type Socket } from 'node:net';

/** A node the proxy may send somebody to. */
export interface Upstream {
  readonly port: number;
  readonly isServing: boolean;
}

/** Shares connections out in turn, byte for byte; nobody is bound to a node, and a refused connection tries the next. */
export class FrontProxy {
  private readonly server: Server;
  private next = 0;

  constructor(private readonly upstreams: readonly Upstream[]) {
    this.server = createServer((visitor) => this.serve(visitor, this.upstreams.length));
  }

  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, () => resolve((this.server.address() as { port: number }).port));
    });
  }

  close(): void {
    this.server.close();
  }

  private serve(visitor: Socket, tries: number): void {
    visitor.on('error', () => visitor.destroy());
    const upstream = this.choose();
    if (!upstream || tries === 0) {
      visitor.end(
        'HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
      );
      return;
    }
    const node = connect(upstream.port, '127.0.0.1');
    node.once('connect', () => {
      visitor.pipe(node).pipe(visitor);
      node.once('close', () => visitor.destroy());
      visitor.once('close', () => node.destroy());
    });
    node.on('error', () => {
      if (node.connecting || node.bytesRead + node.bytesWritten === 0) {
        this.serve(visitor, tries - 1);
        return;
      }
      visitor.destroy();
    });
  }

  private choose(): Upstream | undefined {
    const serving = this.upstreams.filter(({ isServing }) => isServing);
    this.next += 1;
    return serving[this.next % serving.length];
  }
}
