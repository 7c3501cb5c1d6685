import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

import { FrameSplitter, type WireFrame } from './frames.js';

/** Puts bytes or whole frames on their way, at once or later, as often as it likes. */
export type Forward = (frame: WireFrame) => void;

export interface Line {
  /** Both ends at once, without a goodbye. */
  readonly cut: () => void;
  readonly forwardUp: Forward;
  readonly forwardDown: Forward;
  readonly node: number;
}

/** What a network does with what passes; everything passes by default. */
export interface Weather {
  /** A frame from a client. */
  up?(frame: WireFrame, line: Line): void;
  /** A frame from a node. */
  down?(frame: WireFrame, line: Line): void;
  /** Part of an answer over HTTP. @returns whether it still passes */
  answer?(chunk: Buffer, line: Line): boolean;
}

interface Pair extends Line {
  readonly near: Socket;
  readonly far: Socket;
  upgraded: boolean;
  halfOpen: boolean;
}

/** One address in front of several nodes: round robin, the next one when a node does not answer. */
export class Proxy {
  static async start(ports: () => readonly number[]): Promise<Proxy> {
    const proxy = new Proxy(ports);
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  weather: Weather = {};
  /** New connections are refused. */
  isOut = false;
  cuts = 0;
  /** Hears of each new connection. */
  onArrival?: () => void;
  private turn = 0;
  private readonly pairs = new Set<Pair>();
  private readonly server: Server;

  private constructor(private readonly ports: () => readonly number[]) {
    this.server = createServer((near) => this.accept(near));
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get sockets(): readonly Line[] {
    return [...this.pairs].filter(({ upgraded }) => upgraded);
  }

  cutAll(): void {
    for (const pair of [...this.pairs]) pair.cut();
  }

  /** Connections stay open, and nothing passes on them any more. */
  blackHole(): void {
    for (const pair of this.pairs) pair.halfOpen = true;
  }

  async stop(): Promise<void> {
    this.cutAll();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private accept(near: Socket): void {
    near.on('error', () => near.destroy());
    this.onArrival?.();
    if (this.isOut) return void near.destroy();
    near.pause();
    this.dial(near, this.ports().length);
  }

  private dial(near: Socket, tries: number): void {
    const ports = this.ports();
    if (tries <= 0 || ports.length === 0) return void near.destroy();
    const node = this.turn++ % ports.length;
    const far = connect(ports[node], '127.0.0.1');
    far.once('error', () => this.dial(near, tries - 1));
    far.once('connect', () => {
      far.removeAllListeners('error');
      this.join(near, far, node);
    });
  }

  private join(near: Socket, far: Socket, node: number): void {
    near.setNoDelay(true);
    far.setNoDelay(true);
    const pair: Pair = {
      near,
      far,
      node,
      upgraded: false,
      halfOpen: false,
      cut: () => {
        this.cuts += 1;
        near.destroy();
        far.destroy();
      },
      forwardUp: ({ bytes }) => void (far.writable && far.write(bytes)),
      forwardDown: ({ bytes }) => void (near.writable && near.write(bytes)),
    };
    this.pairs.add(pair);
    let [upFrames, downFrames]: FrameSplitter[] = [];
    near.on('data', (chunk) => {
      if (pair.halfOpen) return;
      if (upFrames) {
        for (const frame of upFrames.push(chunk)) (this.weather.up ?? passUp)(frame, pair);
        return;
      }
      if (/\r\nupgrade: websocket\r\n/i.test(chunk.toString('latin1'))) {
        pair.upgraded = true;
        upFrames = new FrameSplitter();
      }
      far.write(chunk);
    });
    far.on('data', (chunk) => {
      if (pair.halfOpen) return;
      if (downFrames) {
        for (const frame of downFrames.push(chunk)) (this.weather.down ?? passDown)(frame, pair);
        return;
      }
      const head = pair.upgraded ? chunk.indexOf('\r\n\r\n') : -1;
      if (head < 0 || !chunk.toString('latin1').startsWith('HTTP/1.1 101')) {
        if (this.weather.answer?.(chunk, pair) ?? true) near.write(chunk);
        return;
      }
      near.write(chunk.subarray(0, head + 4));
      downFrames = new FrameSplitter();
      for (const frame of downFrames.push(chunk.subarray(head + 4))) (this.weather.down ?? passDown)(frame, pair);
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ]) {
      one.on('error', () => other.destroy());
      one.on('close', () => {
        if (pair.halfOpen && one === far) return;
        other.destroy();
        this.pairs.delete(pair);
      });
    }
    near.resume();
  }
}

const passUp = (frame: WireFrame, line: Line): void => line.forwardUp(frame);
const passDown = (frame: WireFrame, line: Line): void => line.forwardDown(frame);
