import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system with little room; none where this user may not mount one. */
export class SmallDisk {
  static mount(kib: number): SmallDisk {
    const folder = mkdtempSync(join(tmpdir(), 'nest-live-small-disk-'));
    const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kib}k`, 'tmpfs', folder]);
    if (status === 0) return new SmallDisk(`ENOSPC on a tmpfs of ${kib} KiB`, folder);
    rmSync(folder, { recursive: true });
    return new SmallDisk(
      `SKIP: no tmpfs can be mounted here (${String(stderr ?? 'no mount')
        .trim()
        .slice(0, 80)})`,
    );
  }

  private constructor(
    /** What it is, or why there is none. */
    readonly kind: string,
    readonly folder?: string,
  ) {}

  unmount(): void {
    if (this.folder === undefined) return;
    // Whoever still has a file open keeps it until it ends; nobody finds it any more.
    spawnSync('umount', ['-l', this.folder]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
