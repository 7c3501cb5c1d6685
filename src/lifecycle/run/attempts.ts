import { Inject, Injectable } from '@nestjs/common';

import type { LiveError } from '../../errors/live-error.js';
import { LIMITS, type Limits } from '../../protocol/limits.js';
import { after, caught, type Soon } from '../../protocol/soon.js';
import { PrintedHtml } from '../../rendering/printed-html.js';
import { EventStage } from './stages/event.stage.js';
import { HydrateStage } from './stages/hydrate.stage.js';
import { RenderStage } from './stages/render.stage.js';
import { Deadlines } from './deadlines.js';
import { toLiveError, type FailurePlace } from './failure.js';
import type { Arrival, Attempt } from './interaction.js';
import type { Opened } from '../instance/state-holder.js';
import { LiveContext } from '../context/live.context.js';
import { pageUrlOf } from './page-url.js';

/** Makes attempts of an interaction, and runs what belongs to the author inside them. */
@Injectable()
export class Attempts {
  constructor(
    private readonly hydrateStage: HydrateStage,
    private readonly eventStage: EventStage,
    private readonly renderStage: RenderStage,
    private readonly deadlines: Deadlines,
    @Inject(LIMITS) private readonly limits: Limits,
  ) {}

  /** Renders for somebody who looks: guards, then the template; nothing is saved. */
  view(attempt: Attempt): Soon<PrintedHtml> {
    return this.work(attempt, this.passAndRender);
  }

  /** Asks the guards, and that is all. */
  let(attempt: Attempt): Soon<unknown> {
    return this.work(attempt, this.pass);
  }

  private readonly passAndRender = (attempt: Attempt): Soon<PrintedHtml> =>
    after(this.pass(attempt), () => this.render(attempt));

  private readonly pass = (attempt: Attempt): Soon<unknown> =>
    after(this.hydrateStage.run(attempt), () => this.eventStage.view(attempt));

  render({ arrival, ctx }: Attempt): Soon<PrintedHtml> {
    return arrival.output === 'state' ? PrintedHtml.nothing : this.renderStage.run(ctx, arrival.held?.memory);
  }

  /** Runs the author's code: within the time limit, and with its failures told apart from ours. */
  work<T>(attempt: Attempt, task: (attempt: Attempt) => Soon<T>): Soon<T> {
    return this.deadlines.within(caught(task, this.authors, attempt), attempt.ctx, this.limits.handlerTimeoutMs);
  }

  private readonly authors = (error: unknown, { arrival }: Attempt): never => {
    throw this.coded(arrival, error, 'author');
  };

  make(arrival: Arrival, opened: Opened, entry: 'mount' | 'view' | 'event', number?: string | number): Attempt {
    const { caller, transport, request, envelope, cancellation, placed, places: slotted, files } = arrival;
    const { recognition, verdict } = arrival;
    const { definition, id, epoch, version, since, cs } = opened;
    // What is not stored yet stands nowhere.
    const position = epoch === '' ? undefined : { e: epoch, v: entry === 'event' ? version + 1 : version };
    const { event, payload } = envelope;
    const isEvent = entry === 'event';
    // One literal of one shape: this is made for every event.
    const ctx = new LiveContext({
      definition,
      id,
      entry,
      transport,
      caller,
      request,
      recognition,
      verdict,
      url: pageUrlOf(arrival),
      event: isEvent ? event : undefined,
      payload: isEvent ? payload : undefined,
      cancellation: isEvent ? cancellation : undefined,
      cs,
      number,
      placed,
      since,
      slotted,
      position,
      files: isEvent ? files : undefined,
      isForeign: arrival.isForeign,
    });
    return { arrival, opened, ctx };
  }

  coded({ caller }: Arrival, error: unknown, place: FailurePlace = 'module'): LiveError {
    return toLiveError(error, { anonymous: !caller.isAuthenticated, place });
  }
}
