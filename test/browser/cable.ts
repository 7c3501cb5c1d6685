import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP cable between browser and server that a test can damage. */
export class Cable {
  static async plugInto(port: number): Promise<Cable> {
    const cable = new Cable(port);
    await new Promise<void>((resolve) => cable.server.listen(0, '127.0.0.1', resolve));
    return cable;
  }

  /** WebSocket upgrades are closed at once, everything else passes. */
  refusesSockets = false;
  /** New connections are closed at once. */
  isOut = false;
  /** What the server says on upgraded connections is lost from now on. */
  losesReplies = false;
  /** What the server says on upgraded connections arrives so much later. */
  delayMs = 0;
  /** Upgraded connections that went through. */
  upgrades = 0;
  /** What the browser says goes on no faster; the browser is held back, as by a slow network. */
  upBytesPerSecond = Infinity;
  /** Bytes that went on to the server. */
  bytesUp = 0;

  private readonly pairs = new Set<{ readonly near: Socket; readonly far: Socket; upgraded: boolean; free: number }>();
  private readonly server: Server;

  private constructor(private readonly port: number) {
    this.server = createServer((near) => this.connect(near));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Nothing passes any more, until `isOut` is false again. */
  pullOut(): void {
    this.isOut = true;
    for (const { near, far } of this.pairs) {
      near.destroy();
      far.destroy();
    }
  }

  /** Ends every upgraded connection, as a lost network would. */
  cutSockets(): void {
    for (const { near, far, upgraded } of this.pairs) {
      if (upgraded) {
        near.destroy();
        far.destroy();
      }
    }
  }

  async unplug(): Promise<void> {
    this.pairs.forEach(({ near, far }) => {
      near.destroy();
      far.destroy();
    });
    await new Promise((resolve) => this.server.close(resolve));
  }

  private connect(near: Socket): void {
    if (this.isOut) {
      near.destroy();
      return;
    }
    const far = connect(this.port, '127.0.0.1');
    const pair = { near, far, upgraded: false, free: 0 };
    this.pairs.add(pair);
    near.on('data', (chunk) => {
      if (!pair.upgraded && /\r\nupgrade: websocket\r\n/i.test(chunk.toString('latin1'))) {
        if (this.refusesSockets) {
          near.destroy();
          far.destroy();
          return;
        }
        pair.upgraded = true;
        this.upgrades += 1;
      }
      this.bytesUp += chunk.length;
      const isRoom = far.write(chunk);
      const ms = (chunk.length / this.upBytesPerSecond) * 1_000;
      if (isRoom && ms < 1) return;
      near.pause();
      if (isRoom) setTimeout(() => near.resume(), ms);
      else far.once('drain', () => near.resume());
    });
    far.on('data', (chunk) => {
      if (!pair.upgraded) near.write(chunk);
      else if (!this.losesReplies) {
        // In their order, whatever the delay was before.
        pair.free = Math.max(pair.free, performance.now() + this.delayMs);
        setTimeout(() => near.write(chunk), pair.free - performance.now());
      }
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ]) {
      one.on('error', () => other.destroy());
      one.on('close', () => {
        other.destroy();
        this.pairs.delete(pair);
      });
    }
  }
}
