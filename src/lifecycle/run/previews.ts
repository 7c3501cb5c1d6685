import { Injectable } from '@nestjs/common';

import type { PrintedHtml } from '../../rendering/printed-html.js';
import { AnswerStage } from './stages/answer.stage.js';
import { RenderStage } from './stages/render.stage.js';
import type { Attempt } from './interaction.js';
import type { LiveContext } from '../context/live.context.js';

/** Lets an event show what it has come to while it runs. A preview has no version, stores nothing and sends no effects. */
@Injectable()
export class Previews {
  constructor(
    private readonly renderStage: RenderStage,
    private readonly answerStage: AnswerStage,
  ) {}

  /** Without somebody who takes previews none is rendered. */
  attach(attempt: Attempt, seq: number): void {
    const { ctx, arrival } = attempt;
    const { preview, output } = arrival;
    if (!preview || output === 'state') {
      return;
    }
    ctx.showPreviews(async () => {
      const html = await this.render(ctx);
      // Nothing to show, or nobody to show it to any more.
      if (!html.isNothing && !ctx.isOver && !ctx.signal.aborted) {
        preview(this.answerStage.preview(attempt, html, seq));
      }
    });
  }

  /** What `beforeRender` writes to the state is the preview's alone: how many were shown must not change what is saved. */
  private async render(ctx: LiveContext): Promise<PrintedHtml> {
    const component = ctx.component as Record<string, unknown>;
    const fields = [...ctx.definition.state.keys()].map((name) => [name, component[name]] as const);
    try {
      return await this.renderStage.run(ctx);
    } finally {
      fields.forEach(([name, value]) => (component[name] = value));
    }
  }
}
