/** The same numbers for the same seed. */
export class Dice {
  constructor(private state: number) {}

  /** A whole number from 0 on. */
  below(limit: number): number {
    this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.state / 2 ** 32) * limit);
  }

  of<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)];
  }

  shuffled<Item>(items: readonly Item[]): Item[] {
    const places = new Map(items.map((item) => [item, this.below(1_000_000)]));
    return items.toSorted((one, other) => (places.get(one) ?? 0) - (places.get(other) ?? 0));
  }

  word(): string {
    return Array.from({ length: 2 + this.below(6) }, () => this.of([...'abcdefghijklmnopqrstuvwxyz'])).join('');
  }
}
