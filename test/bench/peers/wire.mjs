import { connect, createServer } from 'node:net';

/** Stands between a browser and a server, and counts every byte that passes: heads, frames and all. */
export class Wire {
  static async before(port) {
    const wire = new Wire(port);
    await new Promise((resolve) => wire.#server.listen(0, '127.0.0.1', resolve));
    return wire;
  }

  up = 0;
  down = 0;
  #sockets = new Set();
  #server;

  constructor(port) {
    this.#server = createServer((near) => this.#join(near, connect({ port, host: '127.0.0.1', noDelay: true })));
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  cut() {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.#server.close(resolve));
  }

  #join(near, far) {
    near.setNoDelay(true);
    near.on('data', (chunk) => {
      this.up += chunk.length;
      far.write(chunk);
    });
    far.on('data', (chunk) => {
      this.down += chunk.length;
      near.write(chunk);
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ]) {
      this.#sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  }
}
