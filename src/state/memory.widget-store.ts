import { lifeOf, WidgetStore, type ClaimOutcome, type WidgetRecord, type WidgetStoreOptions } from './widget-store.js';

/** Widgets of one process. */
export class MemoryWidgetStore extends WidgetStore {
  private readonly records = new Map<string, WidgetRecord>();
  private readonly maxWidgets: number;
  private readonly now: () => number;

  constructor({ maxWidgets = 10_000, now = Date.now }: WidgetStoreOptions = {}) {
    super();
    this.maxWidgets = maxWidgets;
    this.now = now;
  }

  async claim(record: WidgetRecord, over?: string): Promise<ClaimOutcome> {
    const present = this.find(record.id);
    if (present && present.birth !== over) return { kind: 'TAKEN', record: present };
    if (!this.records.has(record.id) && this.records.size >= this.maxWidgets) return { kind: 'FULL' };
    // Deleted first, so that the order of the map is the order in which they were made.
    this.records.delete(record.id);
    this.records.set(record.id, record);
    return { kind: 'OK' };
  }

  async get(id: string): Promise<WidgetRecord | null> {
    return this.find(id) ?? null;
  }

  async list(): Promise<readonly WidgetRecord[]> {
    return [...this.records.values()].filter(({ until }) => until >= this.now());
  }

  async touch(id: string, birth: string): Promise<number | null> {
    const record = this.find(id);
    if (record?.birth !== birth) return null;
    const until = Math.max(record.until, lifeOf(record, this.now()));
    this.records.set(id, { ...record, until });
    return until;
  }

  async delete(id: string, birth: string): Promise<boolean> {
    return this.find(id)?.birth === birth && this.records.delete(id);
  }

  async takeExpired(most: number): Promise<readonly WidgetRecord[]> {
    const over = [...this.records.values()].filter(({ until }) => until < this.now()).slice(0, most);
    over.forEach(({ id }) => this.records.delete(id));
    return over;
  }

  close(): Promise<void> {
    this.records.clear();
    return Promise.resolve();
  }

  private find(id: string): WidgetRecord | undefined {
    const record = this.records.get(id);
    return record && record.until >= this.now() ? record : undefined;
  }
}
