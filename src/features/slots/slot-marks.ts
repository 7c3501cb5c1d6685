import { Injectable } from '@nestjs/common';

import type { LiveContext } from '../../lifecycle/context/live.context.js';
import { Marks } from '../../rendering/marks.js';
import { Markup } from '../../rendering/safe-html.js';
import { withPlaces } from '../../rendering/slot-contents.js';

/** Where a template has printed the components that stand in its slots. */
@Injectable()
export class SlotMarks {
  private readonly marks = new WeakMap<LiveContext, Marks<number>>();

  of(ctx: LiveContext): Marks<number> | undefined {
    return this.marks.get(ctx);
  }

  /** The slots as the template prints them. */
  print(ctx: LiveContext): Readonly<Record<string, Markup>> {
    const marks = new Marks<number>();
    this.marks.set(ctx, marks);
    const { slots, places } = ctx.given;
    const html = (index: number): string => marks.leave(index);
    return Object.fromEntries(
      Object.entries(slots).map(([slot, text]) => [slot, new Markup(withPlaces(slot, { text, places, html }))]),
    );
  }
}
