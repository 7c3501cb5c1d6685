import { connect, type Socket } from 'node:net';

import { FrameSplitter } from '../faults/network/frames.js';
import { AckLedger } from './ack.ledger.js';
import { bytesOf, fillIn, type Attack, type Names } from './attack.js';
import { told, type Complaint } from './finding.js';

const SILENCE_MS = 5_000;
/** Long enough to be read; nobody knows what is owed. */
const UNCOUNTED_MS = 30;
const PAGE = '0123456789abcdef';
/** Asked after everything else: when its answer is there, so is every answer that was given at once. */
const LAST = '424242';

interface Opened {
  readonly component_id?: string;
  readonly state?: string;
  readonly h?: number;
  readonly ok?: boolean;
  readonly error?: { readonly code: string };
}

/** One WebSocket written by hand, and a ledger of what it is owed. */
export class Visitor {
  static async enter(port: number, greets: boolean): Promise<Visitor> {
    const visitor = new Visitor(connect(port, '127.0.0.1'), port, greets);
    await visitor.until(() => visitor.heard.some((text) => text.startsWith(greets ? '40' : '0')));
    return visitor;
  }

  readonly heard: string[] = [];
  isClosed = false;
  private readonly ledger = new AckLedger();
  private readonly frames = new FrameSplitter();
  private readonly looks = new Set<() => void>();
  private upgraded = false;
  private counts = false;

  private constructor(
    private readonly wire: Socket,
    port: number,
    private readonly greets: boolean,
  ) {
    const changed = (): void => this.looks.forEach((look) => look());
    wire.on('error', () => wire.destroy());
    wire.on('close', () => {
      this.isClosed = true;
      changed();
    });
    wire.on('data', (chunk) => {
      this.receive(chunk);
      changed();
    });
    wire.write(
      `GET /components/-/socket/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\n` +
        'Connection: Upgrade\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Version: 13\r\n\r\n',
    );
  }

  /** Mounts and joins, as a page does. @throws when it is refused */
  async open(): Promise<Names> {
    const mounted = await this.ask(1, ['mount', { component: 'counter', params: {} }]);
    const { component_id, state } = mounted;
    const joined = await this.ask(2, ['join', { component: 'counter', component_id, state, page: PAGE }]);
    const held = await this.ask(3, ['mount', { component: 'held' }]);
    const [id, h] = [joined.component_id ?? '', joined.h ?? 0];
    return { id, h, state: joined.state ?? '', page: PAGE, held: held.state ?? '' };
  }

  /** Says it all and waits for everything that is owed. */
  async carryOut({ layer, isStranger, steps }: Attack, names: Names): Promise<readonly Complaint[]> {
    this.counts = layer !== 'wire' && isStranger !== true;
    for (const step of steps) {
      const bytes = bytesOf(step, names);
      if (layer === 'wire') this.spill(bytes);
      else if (typeof step === 'string') this.say(fillIn(step, names));
      else this.sayBytes(bytes);
    }
    if (this.counts) {
      this.say(`42${LAST}["cancel",{}]`);
      await this.until(() => this.ledger.missing.length === 0);
    } else {
      await this.until(() => false, UNCOUNTED_MS);
    }
    return this.complaints();
  }

  async ask(id: number, args: readonly unknown[]): Promise<Opened> {
    const begin = `43${id}[`;
    this.frame(Buffer.from(`42${id}${JSON.stringify(args)}`), 0x81);
    await this.until(() => this.heard.some((text) => text.startsWith(begin)));
    const text = this.heard.find((each) => each.startsWith(begin));
    if (text === undefined) throw new Error(`no answer to ${String(args[0])}`);
    const [reply] = JSON.parse(text.slice(begin.length - 1)) as Opened[];
    if (reply.ok === false && reply.error?.code.startsWith('TOO_MANY') !== true) throw new Error(text);
    return reply;
  }

  /** (message, code) pairs that were reached. */
  *reached(): Iterable<string> {
    for (const text of this.heard) yield /"code":"(\w+)"/.exec(text)?.[1] ?? text.slice(0, 2);
  }

  leave(): void {
    this.wire.destroy();
  }

  private *found(): Iterable<Complaint> {
    if (this.counts && !this.isClosed) {
      for (const id of this.ledger.missing) yield { kind: 'no-ack', what: `no acknowledgement ${id}` };
    }
    if (this.counts) {
      for (const id of this.ledger.excess) yield { kind: 'excess-ack', what: `one acknowledgement ${id} too many` };
    }
    for (const text of this.heard) {
      const inside = told(text);
      if (inside !== undefined) yield { kind: 'tells', what: inside };
    }
  }

  private complaints(): readonly Complaint[] {
    return [...this.found()];
  }

  private say(text: string): void {
    this.ledger.said(text);
    this.frame(Buffer.from(text), 0x81);
  }

  private sayBytes(bytes: Buffer): void {
    this.ledger.sent();
    this.frame(bytes, 0x82);
  }

  private frame(body: Buffer, first: number): void {
    const form = body.length < 126 ? 0 : body.length < 65_536 ? 2 : 8;
    const head = Buffer.alloc(6 + form);
    head[0] = first;
    head[1] = 0x80 | (form === 0 ? body.length : form === 2 ? 126 : 127);
    if (form === 2) head.writeUInt16BE(body.length, 2);
    if (form === 8) head.writeBigUInt64BE(BigInt(body.length), 2);
    // A mask of zeros is a mask.
    this.spill(Buffer.concat([head, body]));
  }

  private spill(bytes: Buffer): void {
    if (!this.wire.destroyed) this.wire.write(bytes);
  }

  private until(reached: () => boolean, ms = SILENCE_MS): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.looks.delete(look);
        resolve();
      };
      const look = (): void => {
        if (this.isClosed || reached()) end();
      };
      const timer = setTimeout(end, ms);
      this.looks.add(look);
      look();
    });
  }

  private receive(chunk: Buffer): void {
    let rest = chunk;
    if (!this.upgraded) {
      const head = chunk.indexOf('\r\n\r\n');
      if (head < 0) return;
      this.upgraded = true;
      rest = chunk.subarray(head + 4);
    }
    for (const { text, opcode } of this.frames.push(rest)) {
      if (opcode === 8) this.wire.destroy();
      if (text === undefined) continue;
      if (text.startsWith('0') && this.greets) this.frame(Buffer.from('40'), 0x81);
      if (text === '2') this.frame(Buffer.from('3'), 0x81);
      this.heard.push(text);
      if (this.counts) this.ledger.heard(text);
    }
  }
}
