import { setTimeout as pause } from 'node:timers/promises';

/** How long to wait. */
export interface Patience {
  /** In milliseconds: shorter than the time limit of most test runners, so that this message is the one you read. @default 4_000 */
  readonly withinMs?: number;
}

interface Wanted extends Patience {
  /** Called again and again. */
  readonly look: () => Promise<void>;
  readonly failed: (ms: number) => Error;
}

const LOOK_EVERY_MS = 20;

/** What was pushed and not waited for yet. */
export class Waiting {
  private unseen = 0;

  push(): void {
    this.unseen += 1;
  }

  forget(): void {
    this.unseen = 0;
  }

  /** @returns whether something was pushed that nobody has waited for; all of it is then seen */
  takePushed(): boolean {
    const was = this.unseen > 0;
    this.unseen = 0;
    return was;
  }

  async until(reached: () => boolean, { withinMs = 4_000, look, failed }: Wanted): Promise<void> {
    // Not `Date.now()`: a test may have stopped or moved that clock.
    const end = process.hrtime.bigint() + BigInt(withinMs) * 1_000_000n;
    while (!reached()) {
      if (process.hrtime.bigint() > end) {
        throw failed(withinMs);
      }
      await look();
      if (!reached()) {
        await pause(LOOK_EVERY_MS);
      } else {
        return;
      }
    }
  }
}
