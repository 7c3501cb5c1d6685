import { randomBytes } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';

import { LiveError } from '../../errors/live-error.js';
import { LiveLog } from '../../observability/live.log.js';
import { Metrics } from '../../observability/metrics.js';
import type { ErrorReply } from '../../protocol/envelope.js';
import { LIMITS, type Limits } from '../../protocol/limits.js';
import { after, caught, inTurn, type Soon } from '../../protocol/soon.js';
import type { PrintedHtml } from '../../rendering/printed-html.js';
import type { CommitOutcome } from '../../state/state-store.js';
import { AnswerStage } from './stages/answer.stage.js';
import { CommitStage } from './stages/commit.stage.js';
import { EventStage } from './stages/event.stage.js';
import { HydrateStage } from './stages/hydrate.stage.js';
import { OpenStage } from './stages/open.stage.js';
import { storeRefusal } from '../instance/store-call.js';
import { Attempts } from './attempts.js';
import { refusal } from './failure.js';
import { FeatureHost } from '../plan/feature-host.js';
import type { Answer, Arrival, Asked, Attempt } from './interaction.js';
import type { Opened } from '../instance/state-holder.js';
import { Previews } from './previews.js';
import { NO_NOTES, recall, remember, rememberRefusal } from '../context/reply-memory.js';

/** Finds the instance anew for each try. */
export type Find = () => Soon<Opened>;

/** An event on its way, over all its tries. */
interface Running {
  readonly arrival: Arrival;
  readonly find: Find;
  readonly unnumbered?: string;
  readonly tries: number;
  /** Why it is not run any more: it only uses up its number. */
  readonly lost?: LiveError;
}

/** One try of it. */
interface Try {
  readonly event: Running;
  readonly attempt: Attempt;
}

/** What an event is for the store, and what it is told. */
interface Saved {
  readonly attempt: Attempt;
  readonly version: number;
  readonly seq?: number;
}

/** One event on one instance: run, committed and answered, once. */
@Injectable()
export class EventRunner {
  constructor(
    private readonly attempts: Attempts,
    private readonly openStage: OpenStage,
    private readonly hydrateStage: HydrateStage,
    private readonly eventStage: EventStage,
    private readonly commitStage: CommitStage,
    private readonly answerStage: AnswerStage,
    private readonly previews: Previews,
    private readonly features: FeatureHost,
    private readonly log: LiveLog,
    private readonly metrics: Metrics,
    @Inject(LIMITS) private readonly limits: Limits,
  ) {}

  run(arrival: Arrival, find: Find): Soon<Answer> {
    arrival.begin?.();
    // Without a number of its own it may be one of several that take the next one: each is an event for itself.
    const unnumbered = arrival.envelope.seq === undefined ? `~${randomBytes(9).toString('base64url')}` : undefined;
    return this.try({ arrival, find, unnumbered, tries: 1 });
  }

  private try(event: Running): Soon<Answer> {
    return after(event.find(), this.opened, event);
  }

  private readonly opened = (opened: Opened, event: Running): Soon<Answer> => {
    const { arrival, unnumbered, lost } = event;
    const seq = arrival.envelope.seq ?? opened.last + 1;
    const attempt = this.attempts.make(arrival, opened, 'event', unnumbered ?? seq);
    if (seq > opened.last + 1) {
      throw new LiveError('SEQ_GAP', `expected ${opened.last + 1}`, { expected: opened.last + 1 });
    }
    if (opened.isStale && seq > opened.last) {
      return this.stale(attempt);
    }
    const answer = seq <= opened.last ? this.repeat(attempt) : this.first(attempt, seq, lost);
    return after(answer, this.tried, { event, attempt });
  };

  private readonly tried = (answer: Answer | 'again', { event, attempt }: Try): Soon<Answer> =>
    answer === 'again' ? this.again(event, attempt) : answer;

  /** The number was used before. */
  private repeat(attempt: Attempt): Soon<Answer | 'again'> {
    return after(this.commitStage.consume(attempt, ''), this.settle, attempt);
  }

  private first(attempt: Attempt, seq: number, lost: LiveError | undefined): Soon<Answer | 'again'> {
    this.previews.attach(attempt, seq);
    return lost ? this.reject(attempt, lost) : caught(this.apply, this.fail, attempt);
  }

  private async again(event: Running, { ctx, opened, met }: Attempt): Promise<Answer> {
    let { lost } = event;
    if (ctx.runsOnce) {
      await this.features.of(ctx.definition).onFailed(ctx);
      lost = new LiveError('CONTENTION', 'what has shown previews is not run again', { final: true });
    }
    if (event.tries >= this.limits.maxConflictRetries + (lost ? 1 : 0)) {
      await this.features.of(ctx.definition).onFailed(ctx);
      throw new LiveError('CONTENTION', `${event.tries} tries met other changes`, { retryAfterMs: 200 });
    }
    const next = { ...event, tries: event.tries + 1, lost };
    // Of a client that keeps no numbers another event may have come in between, and only the store knows its last one.
    return met && opened.holder.meetsStates && event.arrival.envelope.seq !== undefined
      ? this.opened(this.openStage.met(opened, met), next)
      : this.try(next);
  }

  /** Asks the guards about an event: nothing of it is run, and no number is used up. */
  async ask(arrival: Arrival, find: Find): Promise<Omit<Asked, 'caller'>> {
    const opened = await find();
    const { id, last } = opened;
    if ((arrival.envelope.seq ?? last + 1) <= last) {
      return { id, isRepeated: true };
    }
    if (opened.isStale) {
      throw new LiveError('STATE_STALE', 'the token was used before, or is not the newest one');
    }
    await this.attempts.let(this.attempts.make(arrival, opened, 'event'));
    return { id, isRepeated: false };
  }

  /** The token shows an older state: nothing is run, and the answer brings the newest one. */
  private async stale({ arrival, opened }: Attempt): Promise<Answer> {
    const { id, last } = opened;
    const failure = new LiveError('STATE_STALE', 'the token was used before, or is not the newest one');
    const reply = refusal(failure, { id, seq: arrival.envelope.seq ?? last + 1 });
    const now = this.attempts.make(arrival, opened, 'view');
    const html = await this.attempts.view(now);
    return this.answerStage.rejected(now, this.log.refused(failure, reply, arrival), html);
  }

  private readonly apply = (attempt: Attempt): Soon<Answer | 'again'> =>
    after(this.attempts.work(attempt, this.perform), this.save, attempt);

  /** Handler, render, state, and only then the commit: "ok" means that state and HTML exist. */
  private readonly perform = (attempt: Attempt): Soon<void> => inTurn(this.steps, take, attempt);

  private readonly steps: readonly Step[] = [
    (attempt) => this.hydrateStage.run(attempt),
    (attempt) => this.eventStage.run(attempt),
    (attempt) => after(this.attempts.render(attempt), keepHtml, attempt),
    (attempt) => after(this.commitStage.dehydrate(attempt), keepSnapshot, attempt),
  ];

  private readonly save = (_: unknown, attempt: Attempt): Soon<Answer | 'again'> => {
    const { ctx } = attempt;
    ctx.end();
    const { effects, notes, valid } = ctx;
    const reply = remember(effects, { notes, done: ctx.runsOnce || undefined, valid });
    return after(this.commitStage.accept(attempt, reply), this.settle, attempt);
  };

  private readonly fail = async (error: unknown, attempt: Attempt): Promise<Answer | 'again'> => {
    const failure = this.attempts.coded(attempt.arrival, error);
    attempt.ctx.end(failure);
    await this.features.of(attempt.ctx.definition).onFailed(attempt.ctx);
    if (failure.consumed !== true) {
      throw failure;
    }
    return this.reject(attempt, failure);
  };

  private async reject(attempt: Attempt, failure: LiveError): Promise<Answer | 'again'> {
    const { opened, arrival } = attempt;
    const seq = arrival.envelope.seq ?? opened.last + 1;
    const done = attempt.ctx.runsOnce || failure.details.final === true ? true : undefined;
    const reply: ErrorReply = { ...refusal(failure, { id: opened.id, seq }), ...(done ? { done } : {}) };
    const outcome = await this.commitStage.consume(attempt, rememberRefusal(reply));
    if (outcome.kind !== 'OK') {
      return this.settle(outcome, attempt);
    }
    const told = this.log.refused(failure, reply, arrival);
    return this.answerStage.rejected(attempt, told, await this.stillShown(attempt, done));
  }

  /** For a page without script, or one that shows previews: the component as it is, unless this caller may not look at it. */
  private async stillShown({ arrival, opened }: Attempt, afterPreviews?: true): Promise<PrintedHtml | undefined> {
    if (arrival.output !== 'page' && !(afterPreviews && arrival.output !== 'state')) {
      return undefined;
    }
    try {
      return await this.attempts.view(this.attempts.make(arrival, opened, 'view'));
    } catch (error) {
      const failure = this.attempts.coded(arrival, error);
      this.log.refused(failure, refusal(failure, { id: opened.id }), arrival);
      return undefined;
    }
  }

  private readonly settle = (outcome: CommitOutcome, attempt: Attempt): Soon<Answer | 'again'> => {
    switch (outcome.kind) {
      case 'OK': {
        const { version, seq } = outcome;
        const { ctx } = attempt;
        return after(this.features.of(ctx.definition).onSaved(ctx), this.saved, { attempt, version, seq });
      }
      case 'DUP':
        return this.duplicate(attempt, outcome);
      case 'GAP':
        throw new LiveError('SEQ_GAP', `expected ${outcome.expected}`, { expected: outcome.expected });
      case 'CONFLICT':
      case 'EPOCH':
        this.metrics.conflict(attempt.arrival);
        attempt.met = outcome.kind === 'CONFLICT' ? outcome : undefined;
        return 'again';
      case 'DONE':
        // Only a change of the server names its cause.
        throw new LiveError('INTERNAL', 'the store took an event for a change of the server');
      default:
        throw storeRefusal(outcome.kind);
    }
  };

  private readonly saved = (_: unknown, { attempt, version, seq }: Saved): Answer => {
    const { opened, arrival } = attempt;
    const { id, epoch, definition } = opened;
    this.features.onCommit({ id, component: definition.name, epoch, version, by: arrival.viewer });
    return this.answerStage.accepted(attempt, version, seq);
  };

  /** The number was used before: its first reply, with a render of what the state is now. */
  private async duplicate(
    { arrival, opened }: Attempt,
    { reply, version }: Extract<CommitOutcome, { kind: 'DUP' }>,
  ): Promise<Answer | 'again'> {
    if (version !== opened.version) {
      return 'again';
    }
    if (reply === null) {
      throw new LiveError('SEQ_TOO_OLD', 'the reply has left the window');
    }
    const memory = recall(reply);
    const now = this.attempts.make(arrival, opened, 'view');
    if (memory.refused) {
      return this.answerStage.rejected(now, memory.refused, await this.stillShown(now, memory.refused.done));
    }
    const html = await this.attempts.view(now);
    // Whoever did this the first time may have died before it was through.
    await this.features.of(opened.definition).onRepeated(now.ctx, memory.notes ?? NO_NOTES);
    return this.answerStage.repeated(now, html, memory);
  }
}

/** A step of what an event does before anything of it is saved. */
type Step = (attempt: Attempt) => unknown;

const take = (step: Step, attempt: Attempt): unknown => step(attempt);

const keepHtml = (html: PrintedHtml, attempt: Attempt): void => void (attempt.html = html);

const keepSnapshot = (snapshot: string, attempt: Attempt): void => void (attempt.snapshot = snapshot);
