import { connect, createServer, type Server, type Socket } from 'node:net';

/** An address that leads to another server from now on; what is connected stays where it is. */
export class Switch {
  static async to(port: number): Promise<Switch> {
    const made = new Switch(port);
    await new Promise<void>((resolve) => made.server.listen(0, '127.0.0.1', resolve));
    return made;
  }

  private readonly ends = new Set<Socket>();
  private readonly server: Server;

  private constructor(public port: number) {
    this.server = createServer((near) => {
      const far = connect(this.port, '127.0.0.1');
      for (const [one, other] of [
        [near, far],
        [far, near],
      ]) {
        this.ends.add(one);
        one.pipe(other);
        one.on('error', () => other.destroy()).on('close', () => other.destroy());
      }
    });
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.server.address() as { port: number }).port}`;
  }

  close(): void {
    this.server.close();
    this.ends.forEach((end) => end.destroy());
  }
}
