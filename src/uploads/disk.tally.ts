import type { UploadPlan } from './upload-store.js';

/** Each costs a plan, too: many empty files are not free. */
const PLAN_BYTES = 4_096;

type Counted = Pick<UploadPlan, 'owner' | 'size'>;

/** What lies in a directory: of everybody, and of one owner. */
export interface Kept {
  readonly all: number;
  readonly bytes: number;
  readonly files: number;
}

/** How much is announced and kept. Each plan is read once; it can only have become smaller since. */
export class DiskTally {
  private readonly counted = new Map<string, Counted>();

  constructor(private readonly read: (id: string) => Promise<Counted | null>) {}

  add({ id, owner, size }: UploadPlan): void {
    this.counted.set(id, { owner, size });
  }

  /** It is read again: it has ended, or is smaller than it was announced. */
  forget(id: string): void {
    this.counted.delete(id);
  }

  /** Another node may have found out that files are smaller than they were announced. */
  forgetOf(owner: string): void {
    [...this.counted].filter(([, plan]) => plan.owner === owner).forEach(([id]) => this.forget(id));
  }

  /** @param ids all that there are now */
  async of(owner: string, ids: readonly string[]): Promise<Kept> {
    const known = new Set(ids);
    [...this.counted.keys()].filter((id) => !known.has(id)).forEach((id) => this.forget(id));
    let [all, bytes, files] = [0, 0, 0];
    for (const id of ids) {
      const plan = this.counted.get(id) ?? (await this.read(id));
      if (plan) {
        this.counted.set(id, { owner: plan.owner, size: plan.size });
        all += Math.max(plan.size, PLAN_BYTES);
        bytes += plan.owner === owner ? plan.size : 0;
        files += plan.owner === owner ? 1 : 0;
      }
    }
    return { all, bytes, files };
  }
}
