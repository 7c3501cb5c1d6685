import { Injectable } from '@nestjs/common';

import type { LiveContext } from '../../lifecycle/context/live.context.js';
import { inTurn, type Soon } from '../../protocol/soon.js';
import { familyOf } from './family.js';

/** What waits for an owner's change to be saved: nothing of it happens if it is not. */
type Later = () => Soon<void>;

/** What is known of the interactions under way, each for as long as it lasts. */
@Injectable()
export class Families {
  private readonly waiting = new WeakMap<LiveContext, Later[]>();
  private readonly givenAnew = new WeakSet<LiveContext>();
  private readonly shared = new WeakSet<LiveContext>();
  private readonly previewed = new WeakSet<LiveContext>();

  /** An event renders its children: what it changes of them waits for it. */
  open(ctx: LiveContext): void {
    if (ctx.entry === 'event' && !ctx.isPreview && !this.waiting.has(ctx)) {
      this.waiting.set(ctx, []);
    }
  }

  /** A child is rendered within its owner: what waits for the owner waits for what stands in the child, too. */
  standIn(owner: LiveContext, child: LiveContext): void {
    const waiting = this.waiting.get(owner);
    if (waiting) {
      this.waiting.set(child, waiting);
    }
    if (this.isShared(owner)) {
      this.shared.add(child);
    }
    if (this.isPreview(owner)) {
      this.previewed.add(child);
    }
  }

  /** @returns false when nothing has to be waited for */
  later(ctx: LiveContext, task: Later): boolean {
    const waiting = this.waiting.get(ctx);
    waiting?.push(task);
    return waiting !== undefined;
  }

  settle(ctx: LiveContext): Soon<void> {
    const waiting = this.waiting.get(ctx);
    if (!waiting) {
      return;
    }
    this.waiting.delete(ctx);
    return inTurn(waiting, (task) => task(), undefined);
  }

  /** Its owner has given it something else than before. */
  giveAnew(ctx: LiveContext): void {
    this.givenAnew.add(ctx);
  }

  isGivenAnew(ctx: LiveContext): boolean {
    return this.givenAnew.has(ctx);
  }

  /** Rendered for what an event shows before it is over: nothing of it is saved. */
  isPreview(ctx: LiveContext): boolean {
    return ctx.isPreview || this.previewed.has(ctx);
  }

  /** Made for many pages. */
  isShared(ctx: LiveContext): boolean {
    return this.shared.has(ctx) || familyOf(ctx).shared === true;
  }
}
