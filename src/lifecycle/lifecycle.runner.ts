import { Inject, Injectable } from '@nestjs/common';

import { CATALOGUE } from '../errors/catalogue.js';
import type { AuthorHooks } from '../component/hooks.js';
import { LiveError } from '../errors/live-error.js';
import { LiveLog } from '../observability/live.log.js';
import type { ErrorReply } from '../protocol/envelope.js';
import { LIMITS, type Limits } from '../protocol/limits.js';
import type { CommitOutcome } from '../state/state-store.js';
import { AnswerStage } from './stages/answer.stage.js';
import { CommitStage } from './stages/commit.stage.js';
import { EventStage } from './stages/event.stage.js';
import { HydrateStage } from './stages/hydrate.stage.js';
import { OpenStage } from './stages/open.stage.js';
import { RenderStage } from './stages/render.stage.js';
import { storeRefusal } from './stages/store-call.js';
import { Deadlines } from './deadlines.js';
import { refusal, toLiveError, type FailurePlace } from './failure.js';
import { FeatureHost } from './feature-host.js';
import { InstanceQueue } from './instance.queue.js';
import type { Answer, Arrival, Attempt, Opened } from './interaction.js';
import { LiveContext } from './live.context.js';
import { recall, remember, rememberRefusal } from './reply-memory.js';
import { Seal } from './seal.js';

/** The one dispatch path: every transport, the page helper and the testing kit enter here. Never throws. */
@Injectable()
export class LifecycleRunner {
  constructor(
    private readonly openStage: OpenStage,
    private readonly hydrateStage: HydrateStage,
    private readonly eventStage: EventStage,
    private readonly renderStage: RenderStage,
    private readonly commitStage: CommitStage,
    private readonly answerStage: AnswerStage,
    private readonly seal: Seal,
    private readonly queue: InstanceQueue,
    private readonly deadlines: Deadlines,
    private readonly features: FeatureHost,
    private readonly log: LiveLog,
    @Inject(LIMITS) private readonly limits: Limits,
  ) {}

  async run(arrival: Arrival): Promise<Answer> {
    try {
      switch (arrival.kind) {
        case 'mount':
          return await this.mount(arrival);
        case 'join':
        case 'subscribe':
          return await this.locate(arrival, (find) => this.join(arrival, find));
        case 'event':
          return await this.locate(arrival, (find) => this.event(arrival, find));
        case 'leave':
          return await this.locate(arrival, (find) => this.leave(arrival, find));
      }
    } catch (error) {
      return this.refuse(arrival, error);
    }
  }

  private async mount(arrival: Arrival): Promise<Answer> {
    const definition = this.openStage.definition(arrival);
    const attempt = this.attempt(arrival, this.openStage.mount(arrival, definition), 'mount');
    const { html, snapshot } = await this.work(attempt, async () => {
      await this.hydrateStage.run(attempt);
      return { html: await this.render(attempt), snapshot: await this.commitStage.dehydrate(attempt.ctx) };
    });
    return this.answerStage.mounted(attempt, html, snapshot);
  }

  private async join(arrival: Arrival, find: Find): Promise<Answer> {
    const attempt = this.attempt(arrival, await find(), 'view');
    const html = await this.view(attempt);
    return this.answerStage.joined(attempt, html);
  }

  private async event(arrival: Arrival, find: Find): Promise<Answer> {
    for (let tries = 1; ; tries += 1) {
      const opened = await find();
      const seq = arrival.envelope.seq ?? opened.last + 1;
      const attempt = this.attempt(arrival, opened, 'event', `${opened.id}:${opened.cs}:${seq}`);
      if (seq > opened.last + 1) {
        throw new LiveError('SEQ_GAP', `expected ${opened.last + 1}`, { expected: opened.last + 1 });
      }
      const outcome = seq <= opened.last ? await this.commitStage.consume(attempt, '') : undefined;
      const answer = outcome ? await this.settle(attempt, outcome, '') : await this.apply(attempt);
      if (answer !== 'again') {
        return answer;
      }
      if (tries >= this.limits.maxConflictRetries) {
        throw new LiveError('CONTENTION', `${tries} tries met other changes`, { retryAfterMs: 200 });
      }
    }
  }

  /** Handler, render, commit, in this order: "ok" means that state and HTML exist. */
  private async apply(attempt: Attempt): Promise<Answer | 'again'> {
    try {
      const { html, snapshot } = await this.work(attempt, async () => {
        await this.hydrateStage.run(attempt);
        await this.eventStage.run(attempt);
        return { html: await this.render(attempt), snapshot: await this.commitStage.dehydrate(attempt.ctx) };
      });
      const reply = remember(attempt.ctx.effects);
      return await this.settle(attempt, await this.commitStage.accept(attempt, { snapshot, reply }), html);
    } catch (error) {
      const failure = this.coded(attempt.arrival, error);
      if (failure.consumed !== true) {
        throw failure;
      }
      return this.reject(attempt, failure);
    }
  }

  private async reject(attempt: Attempt, failure: LiveError): Promise<Answer | 'again'> {
    const { opened, arrival } = attempt;
    const seq = arrival.envelope.seq ?? opened.last + 1;
    const reply = refusal(failure, { id: opened.id, seq });
    const outcome = await this.commitStage.consume(attempt, rememberRefusal(reply));
    if (outcome.kind !== 'OK') {
      return this.settle(attempt, outcome, '');
    }
    this.log.refused(failure, reply, arrival);
    return this.answerStage.rejected(attempt, reply, await this.stillShown(attempt));
  }

  /** For a page without script: the component as it is, unless this caller may not look at it. */
  private async stillShown({ arrival, opened }: Attempt): Promise<string | undefined> {
    if (arrival.output !== 'page') {
      return undefined;
    }
    const now = this.attempt(arrival, opened, 'view');
    return this.view(now).catch((error: unknown) => {
      const failure = this.coded(arrival, error);
      this.log.refused(failure, refusal(failure, { id: opened.id }), arrival);
      return undefined;
    });
  }

  private async settle(attempt: Attempt, outcome: CommitOutcome, html: string): Promise<Answer | 'again'> {
    const { opened, arrival } = attempt;
    switch (outcome.kind) {
      case 'OK': {
        const { id, epoch, definition } = opened;
        const { version } = outcome;
        this.features.onCommit({ id, component: definition.name, epoch, version, by: arrival.viewer });
        return this.answerStage.accepted(attempt, { html, version, seq: outcome.seq });
      }
      case 'DUP':
        return this.duplicate(attempt, outcome);
      case 'GAP':
        throw new LiveError('SEQ_GAP', `expected ${outcome.expected}`, { expected: outcome.expected });
      case 'CONFLICT':
      case 'EPOCH':
        return 'again';
      default:
        throw storeRefusal(outcome.kind);
    }
  }

  /** The number was used before: its first reply, with a render of what the state is now. */
  private async duplicate(
    { arrival, opened }: Attempt,
    { reply, version, snapshot }: Extract<CommitOutcome, { kind: 'DUP' }>,
  ): Promise<Answer> {
    if (reply === null) {
      throw new LiveError('SEQ_TOO_OLD', 'the reply has left the window');
    }
    const memory = recall(reply);
    const now = this.attempt(arrival, { ...opened, version, snapshot }, 'view');
    if (memory.refused) {
      return this.answerStage.rejected(now, memory.refused, await this.stillShown(now));
    }
    return this.answerStage.repeated(now, await this.view(now), memory.effects);
  }

  private async leave(arrival: Arrival, find: Find): Promise<Answer> {
    const attempt = this.attempt(arrival, await find(), 'view');
    const { answer, gone } = await this.answerStage.left(attempt);
    if (gone && 'onDestroy' in (attempt.opened.definition.type.prototype as object)) {
      await this.destroy(attempt);
    }
    return answer;
  }

  /** The instance is gone, whatever its last hook does: a failure is logged and the leave stands. */
  private async destroy(attempt: Attempt): Promise<void> {
    const { arrival, opened, ctx } = attempt;
    try {
      await this.work(attempt, async () => {
        await this.hydrateStage.run(attempt);
        await (ctx.component as AuthorHooks).onDestroy?.();
      });
    } catch (error) {
      const failure = this.coded(arrival, error);
      this.log.refused(failure, refusal(failure, { id: opened.id }), arrival);
    }
  }

  /** Renders for somebody who looks: guards, then the template; nothing is saved. */
  private view(attempt: Attempt): Promise<string> {
    return this.work(attempt, async () => {
      await this.hydrateStage.run(attempt);
      await this.eventStage.view(attempt);
      return this.render(attempt);
    });
  }

  private async render({ arrival, ctx }: Attempt): Promise<string> {
    return arrival.output === 'state' ? '' : this.renderStage.run(ctx);
  }

  /** Finds which instance is meant and takes its place in that instance's queue. */
  private locate(arrival: Arrival, run: (find: Find) => Promise<Answer>): Promise<Answer> {
    const definition = this.openStage.definition(arrival);
    const { held, envelope, caller } = arrival;
    if (held) {
      return this.queue.run(held.id, this.limits.maxQueue, () => run(() => this.openStage.held(held, definition)));
    }
    const token = this.seal.open(envelope.state, { definition, caller, instance: envelope.component_id });
    return this.queue.run(token.i, this.limits.maxQueue, () =>
      run(() => this.openStage.token(arrival, { definition, token })),
    );
  }

  /** Runs the author's code: within the time limit, and with its failures told apart from ours. */
  private async work<T>(attempt: Attempt, task: () => Promise<T>): Promise<T> {
    try {
      return await this.deadlines.within(task(), { ms: this.limits.handlerTimeoutMs, ctx: attempt.ctx });
    } catch (error) {
      throw this.coded(attempt.arrival, error, 'author');
    }
  }

  private attempt(arrival: Arrival, opened: Opened, entry: 'mount' | 'view' | 'event', eventKey?: string): Attempt {
    const { caller, transport, request, envelope, cancellation } = arrival;
    const { definition, id } = opened;
    const said = entry === 'event' ? { event: envelope.event, payload: envelope.payload, cancellation } : {};
    return {
      arrival,
      opened,
      ctx: new LiveContext({ definition, id, entry, transport, caller, request, eventKey, ...said }),
    };
  }

  private coded({ caller }: Arrival, error: unknown, place: FailurePlace = 'module'): LiveError {
    return toLiveError(error, { anonymous: !caller.isAuthenticated, place });
  }

  private refuse(arrival: Arrival, error: unknown): Answer {
    const failure = this.coded(arrival, error);
    const { held, envelope } = arrival;
    const reply: ErrorReply = refusal(failure, { id: held?.id ?? envelope.component_id, seq: envelope.seq });
    this.log.refused(failure, reply, arrival);
    return { reply, status: CATALOGUE[failure.code].status };
  }
}

type Find = () => Promise<Opened>;
