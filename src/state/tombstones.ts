export interface Tombstone {
  readonly id: string;
  /** The page life that adopted. */
  readonly page: string;
  /** End of the mount token it was adopted with, in milliseconds since the epoch. */
  readonly exp: number;
  /** Order of arrival: the earlier one of two with the same end is dropped first. */
  readonly order: number;
}

const isBefore = (a: Tombstone, b: Tombstone): boolean => a.exp < b.exp || (a.exp === b.exp && a.order < b.order);

/**
 * Which mount tokens were adopted, by whom. Kept past the end of every token they speak for; when one must go early, the
 * floor rises to its end and every token up to there is refused, so that nothing is ever adopted twice.
 */
export class Tombstones {
  #byId = new Map<string, Tombstone>();
  /** Binary heap: the one that ends first is in front. */
  #heap: Tombstone[] = [];
  #order = 0;
  #floor = -Infinity;
  readonly #cap: number;
  readonly #keepMs: number;
  readonly #forgotten: (id: string) => void;

  /** @param forgotten hears whose token is not remembered any more */
  constructor(
    options: { readonly cap: number; readonly keepMs: number },
    forgotten: (id: string) => void = () => undefined,
  ) {
    this.#cap = options.cap;
    this.#keepMs = options.keepMs;
    this.#forgotten = forgotten;
  }

  get floor(): number {
    return this.#floor;
  }

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): Tombstone | undefined {
    return this.#byId.get(id);
  }

  add(id: string, page: string, exp: number): void {
    const tombstone = { id, page, exp, order: this.#order++ };
    this.#byId.set(id, tombstone);
    this.#rise(tombstone);
    while (this.#byId.size > this.#cap) this.#dropFirst();
  }

  /** Drops what no token can need any more. */
  expire(now: number): void {
    while (this.#heap.length > 0 && this.#heap[0].exp + this.#keepMs < now) this.#dropFirst();
  }

  copy(): Tombstones {
    const copy = new Tombstones({ cap: this.#cap, keepMs: this.#keepMs }, this.#forgotten);
    copy.#byId = new Map(this.#byId);
    copy.#heap = [...this.#heap];
    copy.#order = this.#order;
    copy.#floor = this.#floor;
    return copy;
  }

  #dropFirst(): void {
    const first = this.#heap[0];
    const last = this.#heap.pop()!;
    if (this.#heap.length > 0) this.#sink(last);
    this.#byId.delete(first.id);
    this.#forgotten(first.id);
    this.#floor = Math.max(this.#floor, first.exp);
  }

  #rise(tombstone: Tombstone): void {
    let index = this.#heap.push(tombstone) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(tombstone, this.#heap[parent])) break;
      this.#heap[index] = this.#heap[parent]!;
      index = parent;
    }
    this.#heap[index] = tombstone;
  }

  #sink(tombstone: Tombstone): void {
    const size = this.#heap.length;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= size) break;
      if (child + 1 < size && isBefore(this.#heap[child + 1], this.#heap[child])) child++;
      if (isBefore(tombstone, this.#heap[child])) break;
      this.#heap[index] = this.#heap[child]!;
      index = child;
    }
    this.#heap[index] = tombstone;
  }
}
