import { LiveError } from '../errors/live-error.js';
import { unavailable } from './disk.calls.js';
import { DiskTally, type Counted } from './disk.tally.js';
import type { UploadPlan } from './upload-store.js';

/** Each costs a plan, too: many empty files are not free. */
const MAX_FILES_OF_OWNER = 1_000;
/** What other nodes have put into the directory is looked for this often, and whenever a bound is near. */
const LOOK_MS = 1_000;
const RETRY_MS = 5_000;

export interface RoomBounds {
  /** Of all owners, in bytes. */
  readonly maxBytes: number;
  /** Of all who have no login, in bytes. */
  readonly maxStrangerBytes: number;
}

interface RoomSeams {
  /** Ids of all plans that are there. */
  readonly ids: () => Promise<readonly string[]>;
  readonly read: (id: string) => Promise<Counted | null>;
  /** Other nodes put files here, too. */
  readonly isShared: boolean;
}

/** Whether there is room for one more file, and for more of it. */
export class DiskRoom {
  private readonly tally = new DiskTally();
  private lookedAt = -Infinity;
  private looking?: Promise<void>;
  private next?: Promise<void>;

  constructor(
    private readonly bounds: RoomBounds,
    private readonly seams: RoomSeams,
  ) {}

  /** Counts a plan that stands in the directory. @returns why it may not stay there */
  async enter({ id, ...plan }: UploadPlan, maxBytesOfOwner: number): Promise<'QUOTA' | LiveError | undefined> {
    this.tally.set(id, { ...plan, received: 0 });
    const isNear = (part: number): boolean => {
      const { bytes, files, all } = this.tally.of(plan.owner);
      return (
        bytes > maxBytesOfOwner * part ||
        files > MAX_FILES_OF_OWNER * part ||
        all.reserved > this.bounds.maxBytes * part
      );
    };
    // Counted with it: of two that come at once on two nodes, neither can overlook the other.
    if (this.lookedAt === -Infinity || (this.seams.isShared && (this.isOld || isNear(0.5)))) {
      await this.look();
    }
    const isTooMuch = (): boolean => {
      const { bytes, files } = this.tally.of(plan.owner);
      return bytes > maxBytesOfOwner || files > MAX_FILES_OF_OWNER;
    };
    if (isTooMuch() && this.seams.isShared) {
      // Another node may have found out that files are smaller than they were announced.
      await this.readAnew(this.tally.idsOf(plan.owner));
    }
    return this.full(plan, 'reserved') ?? (isTooMuch() ? 'QUOTA' : undefined);
  }

  /** @throws LiveError where there is no room for so much of it: what is here stays, and more may come later */
  grow(id: string, received: number, plan: Pick<UploadPlan, 'isStranger'>): void {
    const before = this.tally.resize(id, received);
    // Room that is kept free for others who have brought nothing yet is not missed by who is bringing something.
    const full = received > before ? this.full(plan, 'arrived') : undefined;
    if (full) {
      this.tally.resize(id, before);
      throw full;
    }
  }

  forget(id: string): void {
    this.tally.forget(id);
  }

  set(id: string, counted: Counted): void {
    this.tally.set(id, counted);
  }

  /** Adds all of it up anew: what has grown on other nodes, and what nobody has told of. */
  async count(): Promise<void> {
    await this.look();
    await this.readAnew(await this.seams.ids());
  }

  private full(
    { isStranger = false }: Pick<UploadPlan, 'isStranger'>,
    counted: 'arrived' | 'reserved',
  ): LiveError | undefined {
    const { maxBytes, maxStrangerBytes } = this.bounds;
    const { all, strangers } = this.tally.of('');
    if (all[counted] > maxBytes) {
      return unavailable(new Error(`all of them together would be more than maxBytes, ${maxBytes}`));
    }
    return isStranger && strangers[counted] > maxStrangerBytes
      ? new LiveError('OVERLOADED', 'files of callers without a login would be more than uploads.maxStrangerBytes', {
          retryAfterMs: RETRY_MS,
        })
      : undefined;
  }

  private get isOld(): boolean {
    return performance.now() - this.lookedAt > LOOK_MS;
  }

  /** One look at a time; whoever comes during one shares the next, which sees what they have written. */
  private look(): Promise<void> {
    if (!this.looking) {
      this.looking = this.compare().finally(() => (this.looking = undefined));
      return this.looking;
    }
    this.next ??= this.looking
      .catch(() => undefined)
      .then(() => {
        this.next = undefined;
        return this.look();
      });
    return this.next;
  }

  private async compare(): Promise<void> {
    const ids = await this.seams.ids();
    await this.readAnew(this.tally.compare(ids));
    this.lookedAt = performance.now();
  }

  private async readAnew(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const counted = await this.seams.read(id);
      if (counted) {
        this.tally.set(id, counted);
      } else {
        this.tally.forget(id);
      }
    }
  }
}
