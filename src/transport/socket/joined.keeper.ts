import { Injectable } from '@nestjs/common';

import { LiveError } from '../../errors/live-error.js';
import { refusal } from '../../lifecycle/failure.js';
import { ViewerRegistry, type Viewer } from '../../lifecycle/viewer.js';
import { StateStore } from '../../state/state-store.js';

const EVERY_MS = 60_000;

/** Keeps what open pages look at from being forgotten: a joined instance is touched once a minute. */
@Injectable()
export class JoinedKeeper {
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly viewers: ViewerRegistry,
    private readonly store: StateStore,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.touchAll(), EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  async touchAll(): Promise<void> {
    await Promise.all(this.viewers.all().map((viewer) => this.touch(viewer)));
  }

  private async touch(viewer: Viewer): Promise<void> {
    const { id, cs, epoch, version } = viewer.held;
    try {
      const { kind } = await this.store.open({ id, cs, at: { e: epoch, v: version } });
      if (kind === 'GONE') {
        viewer.refuse(refusal(new LiveError('INSTANCE_NOT_FOUND', 'the store has forgotten it'), { id }));
      }
    } catch {
      // The store does not answer: the next event will say so, with a code, to whoever needs it.
    }
  }
}
