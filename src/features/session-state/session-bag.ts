import { LiveError } from '../../errors/live-error.js';
import type { StateCodec } from '../../state/codec.js';

type Data = Readonly<Record<string, unknown>>;

/** The session of one interaction: as it was read, and what is to be merged into it once the interaction has succeeded. */
export class SessionBag {
  private readonly changes = new Map<string, unknown>();

  constructor(
    private readonly data: Data,
    private readonly codec: StateCodec,
  ) {}

  /** Undefined where the session has no such key. */
  get<T = unknown>(key: string): T | undefined {
    const raw = this.changes.has(key) ? this.changes.get(key) : own(this.data, key);
    return raw === undefined ? undefined : (this.codec.decode(JSON.stringify({ raw })).raw as T);
  }

  /** Anything a state field may hold; undefined removes the key. */
  set(key: string, value: unknown): void {
    this.changes.set(key, value === undefined ? undefined : this.plain(value));
  }

  delete(key: string): void {
    this.set(key, undefined);
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  /** @internal By key; undefined is to be removed. */
  get merge(): Data {
    return Object.fromEntries(this.changes);
  }

  /** @internal Size of all that it will keep. */
  get bytes(): number {
    return sizeOf({ ...this.data, ...this.merge });
  }

  /** @internal Nothing is thrown out to make room. @throws LiveError `STATE_TOO_LARGE` naming the biggest key */
  check(maxBytes: number): void {
    const after = { ...this.data, ...this.merge };
    const bytes = sizeOf(after);
    // What an application has put there itself may be made smaller.
    if (maxBytes === 0 || bytes <= maxBytes || bytes <= sizeOf(this.data)) {
      return;
    }
    const sizes = Object.keys(after).map((key) => [key, sizeOf({ [key]: after[key] })] as const);
    const [biggest, size] = sizes.reduce((a, b) => (b[1] > a[1] ? b : a));
    throw new LiveError(
      'STATE_TOO_LARGE',
      `the session would have ${bytes} bytes of at most ${maxBytes}; its biggest key is "${biggest}" (${size} bytes): keep an id there and the rest in a database, or raise limits.maxSessionBytes`,
    );
  }

  private plain(value: unknown): unknown {
    return (JSON.parse(this.codec.encode({ value })) as { value: unknown }).value;
  }
}

const own = (data: Data, key: string): unknown => (Object.hasOwn(data, key) ? data[key] : undefined);

const sizeOf = (data: Data): number => Buffer.byteLength(JSON.stringify(data));
