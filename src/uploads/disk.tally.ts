import type { UploadPlan } from './upload-store.js';

/** Each costs a plan, too: many empty files are not free. */
const PLAN_BYTES = 4_096;
/** What is kept free for a file of which nothing has come; the rest is counted as it comes. */
const RESERVED_BYTES = 64 * 1024;

/** A file as it counts. */
export interface Counted extends Pick<UploadPlan, 'owner' | 'size' | 'isStranger'> {
  /** Bytes that are here. */
  readonly received: number;
}

/** What lies in a directory: of everybody, of all who have no login, and of one owner, as it was announced. */
export interface Kept {
  readonly all: Cost;
  readonly strangers: Cost;
  readonly bytes: number;
  readonly files: number;
}

/** In bytes. */
interface Cost {
  /** Of what is here. */
  readonly arrived: number;
  /** With what is kept free for files that have been announced. */
  readonly reserved: number;
}

interface Sum {
  bytes: number;
  files: number;
}

const NOTHING: Cost = { arrived: 0, reserved: 0 };

const plus = ({ arrived, reserved }: Cost, { size, received }: Counted, sign: 1 | -1): Cost => {
  const here = Math.max(PLAN_BYTES, received);
  return {
    arrived: arrived + sign * here,
    reserved: reserved + sign * Math.max(here, Math.min(size, RESERVED_BYTES)),
  };
};

/** How much is announced and kept: added up once, and then with each file that comes, grows and goes. */
export class DiskTally {
  private readonly counted = new Map<string, Counted>();
  private readonly owners = new Map<string, Sum>();
  private all = NOTHING;
  private strangers = NOTHING;

  /** In the place of what was counted under this id before. */
  set(id: string, counted: Counted): void {
    this.forget(id);
    this.counted.set(id, counted);
    this.add(counted, 1);
  }

  forget(id: string): void {
    const counted = this.counted.get(id);
    if (counted) {
      this.counted.delete(id);
      this.add(counted, -1);
    }
  }

  /** So much of it is here; of what is not known nothing is counted. @returns how much it was before */
  resize(id: string, received: number): number {
    const counted = this.counted.get(id);
    if (!counted) {
      return received;
    }
    this.set(id, { ...counted, received });
    return counted.received;
  }

  of(owner: string): Kept {
    const { all, strangers } = this;
    const { bytes, files } = this.owners.get(owner) ?? { bytes: 0, files: 0 };
    return { all, strangers, bytes, files };
  }

  idsOf(owner: string): readonly string[] {
    return [...this.counted].filter(([, counted]) => counted.owner === owner).map(([id]) => id);
  }

  /** What is not among these is gone. @returns those that are not counted yet */
  compare(ids: readonly string[]): readonly string[] {
    const there = new Set(ids);
    [...this.counted.keys()].filter((id) => !there.has(id)).forEach((id) => this.forget(id));
    return ids.filter((id) => !this.counted.has(id));
  }

  private add(counted: Counted, sign: 1 | -1): void {
    this.all = plus(this.all, counted, sign);
    this.strangers = counted.isStranger ? plus(this.strangers, counted, sign) : this.strangers;
    const sum = this.owners.get(counted.owner) ?? { bytes: 0, files: 0 };
    sum.bytes += sign * counted.size;
    sum.files += sign;
    if (sum.files > 0) {
      this.owners.set(counted.owner, sum);
    } else {
      this.owners.delete(counted.owner);
    }
  }
}
