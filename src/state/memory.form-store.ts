import { FormStore } from './form-store.js';

interface Left {
  readonly text: string;
  readonly until: number;
}

/** In this process. How much there may be is a budget's business; what is over its time goes with the next one that comes. */
export class MemoryFormStore extends FormStore {
  /** By how long they live: within each, the first to come is the first to go. */
  private readonly byLife = new Map<number, Map<string, Left>>();

  constructor(private readonly now: () => number = () => performance.now()) {
    super();
  }

  get size(): number {
    return [...this.byLife.values()].reduce((sum, { size }) => sum + size, 0);
  }

  put(id: string, text: string, lifeMs: number): Promise<void> {
    this.sweep();
    if (this.find(id) === undefined) {
      const alike = this.byLife.get(lifeMs) ?? new Map<string, Left>();
      this.byLife.set(lifeMs, alike.set(id, { text, until: this.now() + lifeMs }));
    }
    return Promise.resolve();
  }

  get(id: string): Promise<string | null> {
    return Promise.resolve(this.find(id) ?? null);
  }

  take(id: string): Promise<string | null> {
    const text = this.find(id) ?? null;
    this.forget(id);
    return Promise.resolve(text);
  }

  delete(id: string): Promise<void> {
    this.forget(id);
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.byLife.clear();
    return Promise.resolve();
  }

  private find(id: string): string | undefined {
    for (const alike of this.byLife.values()) {
      const left = alike.get(id);
      if (left && left.until > this.now()) return left.text;
    }
    return undefined;
  }

  private forget(id: string): void {
    this.byLife.forEach((alike) => alike.delete(id));
  }

  private sweep(): void {
    const now = this.now();
    for (const alike of this.byLife.values()) {
      for (const [id, { until }] of alike) {
        if (until > now) break;
        alike.delete(id);
      }
    }
  }
}
