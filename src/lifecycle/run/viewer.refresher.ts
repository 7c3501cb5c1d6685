import { Injectable } from '@nestjs/common';

import type { Position } from '../../protocol/envelope.js';
import { PushRunner } from './push.runner.js';
import { Round } from './round.js';
import { Turns } from './turns.js';
import { ViewerRegistry, type HeldInstance } from '../instance/viewer.js';

/** Why an instance is to be shown again: somebody has changed it, or its data, which no version tells. */
interface Wish {
  readonly to?: Position;
  readonly redraw: boolean;
}

/**
 * Brings the viewers of this node up to date. One round per instance at a time; whatever is asked meanwhile becomes one
 * more round, so that a flood of hints costs neither memory nor a render each.
 */
@Injectable()
export class ViewerRefresher {
  private readonly running = new Set<string>();
  private readonly waiting = new Map<string, Wish>();

  constructor(
    private readonly viewers: ViewerRegistry,
    private readonly pushes: PushRunner,
  ) {}

  /** The store has come to this position: whoever shows less, or another history, is shown the present state. */
  catchUp(id: string, to: Position): void {
    this.ask(id, { to, redraw: false });
  }

  /** Renders for every viewer, whatever it shows. */
  redraw(id: string): void {
    this.ask(id, { redraw: true });
  }

  /** Instances of which a round is under way. */
  get size(): number {
    return this.running.size;
  }

  private ask(id: string, wish: Wish): void {
    if (this.viewers.countOf(id) === 0) {
      return;
    }
    if (this.running.has(id)) {
      this.waiting.set(id, both(this.waiting.get(id), wish));
      return;
    }
    this.running.add(id);
    void this.run(id, wish);
  }

  private async run(id: string, first: Wish): Promise<void> {
    // Whoever commits notes what it shows after it has told us: one turn later its own viewer is up to date.
    await Promise.resolve();
    const turns = new Turns();
    for (let wish: Wish | undefined = first; wish; wish = this.next(id)) {
      const round = new Round();
      for (const viewer of this.viewers.of(id)) {
        await turns.next();
        if (this.viewers.has(viewer) && (wish.redraw || isBehind(viewer.held, wish.to))) {
          await this.pushes.refresh(viewer, wish.redraw ? 'always' : 'newer', round);
        }
      }
    }
    this.running.delete(id);
  }

  private next(id: string): Wish | undefined {
    const wish = this.waiting.get(id);
    this.waiting.delete(id);
    return wish;
  }
}

/** The newest position wins; of two histories neither is newer, so the last one heard of does. */
const both = (one: Wish | undefined, { to, redraw }: Wish): Wish => {
  if (!one) {
    return { to, redraw };
  }
  const newest = one.to && (!to || (to.e === one.to.e && to.v < one.to.v)) ? one.to : to;
  return { to: newest, redraw: redraw || one.redraw };
};

const isBehind = ({ epoch, version }: HeldInstance, to: Position | undefined): boolean =>
  to !== undefined && (to.e !== epoch || to.v > version);
