import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** The line between one node and its Redis: bytes as they are, until it carries none. */
export class Relay {
  static async start(port: number): Promise<Relay> {
    const relay = new Relay(port);
    await new Promise<void>((resolve) => relay.server.listen(0, '127.0.0.1', resolve));
    return relay;
  }

  private isOut = false;
  private readonly ends = new Set<Socket>();
  private readonly server: Server;

  private constructor(private readonly port: number) {
    this.server = createServer((near) => this.join(near));
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Nothing passes any more and nobody is told, as in a network that has fallen apart. */
  partition(): void {
    this.isOut = true;
  }

  /** What was open before is dead; new connections pass. */
  heal(): void {
    this.isOut = false;
    this.ends.forEach((end) => end.destroy());
  }

  async stop(): Promise<void> {
    this.ends.forEach((end) => end.destroy());
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(near: Socket): void {
    const far = connect(this.port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ]) {
      this.ends.add(from);
      from.on('data', (chunk) => void (this.isOut || to.write(chunk)));
      from.on('error', () => from.destroy());
      from.on('close', () => {
        this.ends.delete(from);
        to.destroy();
      });
    }
  }
}
