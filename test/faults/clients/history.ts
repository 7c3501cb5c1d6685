import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { dirname } from 'node:path';

/** One line of a client's history. */
export interface Entry {
  /** Milliseconds since the run began. */
  readonly t: number;
  readonly client: string;
  /**
   * `invoke`: asked for. `ok`: acknowledged. `fail`: certainly not applied. `info`: nobody knows. `show`: on the screen.
   * `told`: a notice to the person. `retry`: refused for now. `mount`: the client holds another instance now.
   */
  readonly type: 'invoke' | 'ok' | 'fail' | 'info' | 'show' | 'told' | 'retry' | 'mount';
  readonly instance: string;
  readonly op?: string;
  /** Unique name of what was asked for. */
  readonly id?: string;
  readonly seq?: number;
  readonly v?: number;
  readonly e?: string;
  readonly dup?: boolean;
  readonly code?: string;
  /** Of an outcome: how long it took, in milliseconds. */
  readonly ms?: number;
  readonly html?: string;
}

/** What the clients of one case have seen: the only thing, besides the final store, that checkers read. */
export class History {
  readonly entries: Entry[] = [];
  private readonly file?: WriteStream;
  private readonly began = performance.now();

  constructor(path?: string) {
    if (path === undefined) return;
    mkdirSync(dirname(path), { recursive: true });
    this.file = createWriteStream(path);
  }

  /** Milliseconds since the run began. */
  now(): number {
    return Math.round((performance.now() - this.began) * 10) / 10;
  }

  add(entry: Omit<Entry, 't'>): void {
    const line = { t: this.now(), ...entry };
    this.entries.push(line);
    this.file?.write(`${JSON.stringify(line)}\n`);
  }

  close(): void {
    this.file?.end();
  }

  count(type: Entry['type'], code?: string): number {
    return this.entries.filter((entry) => entry.type === type && (code === undefined || entry.code === code)).length;
  }

  /** Of the acknowledged, how long they took: `share` 0.99 is the 99th percentile. */
  latency(share: number): number {
    const all = this.entries.flatMap(({ type, ms }) => (type === 'ok' && ms !== undefined ? [ms] : []));
    all.sort((a, b) => a - b);
    return Math.round(all[Math.min(all.length - 1, Math.floor(all.length * share))] ?? 0);
  }
}
