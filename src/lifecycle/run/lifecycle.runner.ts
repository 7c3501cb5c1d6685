import { Inject, Injectable } from '@nestjs/common';

import { CATALOGUE } from '../../errors/catalogue.js';
import { LiveError } from '../../errors/live-error.js';
import type { ComponentDefinition } from '../../component/definition.js';
import type { AuthorHooks } from '../../component/hooks.js';
import { LiveLog } from '../../observability/live.log.js';
import { Metrics } from '../../observability/metrics.js';
import type { RequestEnvelope } from '../../protocol/envelope.js';
import { LIMITS, type Limits } from '../../protocol/limits.js';
import type { Mutable } from '../../protocol/mutable.js';
import { after, caught, type Soon } from '../../protocol/soon.js';
import type { TokenPayload } from '../../state/token-sealer.js';
import { AnswerStage } from './stages/answer.stage.js';
import { CommitStage } from './stages/commit.stage.js';
import { HydrateStage } from './stages/hydrate.stage.js';
import { OpenStage } from './stages/open.stage.js';
import { Attempts } from './attempts.js';
import { Entrance } from './entrance.js';
import { EventRunner, type Find } from './event.runner.js';
import { refusal } from './failure.js';
import { FeatureHost } from '../plan/feature-host.js';
import { InstanceQueue } from '../instance/instance.queue.js';
import type { Answer, Arrival, Asked, Attempt } from './interaction.js';
import type { Opened } from '../instance/state-holder.js';
import { Seal } from '../instance/seal.js';
import { SharedInstances, type SharedInstance } from '../instance/shared-instances.js';

/** What is done with an instance, once it is this arrival's turn. */
type Way<T> = (arrival: Arrival, find: Find) => Soon<T>;

/** The one dispatch path: every transport, the page helper and the testing kit enter here. Never throws. */
@Injectable()
export class LifecycleRunner {
  constructor(
    private readonly entrance: Entrance,
    private readonly attempts: Attempts,
    private readonly events: EventRunner,
    private readonly openStage: OpenStage,
    private readonly hydrateStage: HydrateStage,
    private readonly commitStage: CommitStage,
    private readonly answerStage: AnswerStage,
    private readonly seal: Seal,
    private readonly queue: InstanceQueue,
    private readonly shared: SharedInstances,
    private readonly features: FeatureHost,
    private readonly log: LiveLog,
    private readonly metrics: Metrics,
    @Inject(LIMITS) private readonly limits: Limits,
  ) {}

  /** An answer that nothing had to be waited for is there at once. */
  run(arrival: Arrival): Soon<Answer> {
    return this.metrics.measure(arrival, this.answer);
  }

  /** Finds out who asks, where guards decide it: for whoever has to know before it is run. */
  recognise(arrival: Arrival): Soon<Arrival> {
    return this.entrance.enter(arrival);
  }

  /** Whether the guards let an event pass: nothing of it is run or kept. @throws LiveError the refusal */
  async ask(given: Arrival): Promise<Asked> {
    let arrival = given;
    try {
      arrival = await this.entrance.enter(given);
      const { caller } = arrival;
      const asked = await this.locate(arrival, this.asking);
      return { ...asked, caller };
    } catch (error) {
      throw this.attempts.coded(arrival, error);
    }
  }

  private readonly answer = (asked: Arrival): Soon<Answer> => caught(this.enter, this.refuse, asked);

  private readonly enter = (asked: Arrival): Soon<Answer> => after(this.entrance.enter(asked), this.entered);

  private readonly entered = (arrival: Arrival): Soon<Answer> => caught(this.dispatch, this.refuse, arrival);

  private readonly dispatch = (arrival: Arrival): Soon<Answer> =>
    arrival.kind === 'mount' ? this.mount(arrival) : this.locate(arrival, this.ways[arrival.kind]);

  private readonly asking: Way<Omit<Asked, 'caller'>> = (arrival, find) => this.events.ask(arrival, find);

  private readonly ways: Readonly<Record<Exclude<Arrival['kind'], 'mount'>, Way<Answer>>> = {
    view: (arrival, find) => this.look(arrival, find),
    resume: (arrival, find) => this.resume(arrival, find),
    join: (arrival, find) => this.join(arrival, find),
    subscribe: (arrival, find) => this.join(arrival, find),
    event: (arrival, find) => this.events.run(arrival, find),
    leave: (arrival, find) => this.leave(arrival, find),
  };

  private async mount(arrival: Arrival): Promise<Answer> {
    const definition = this.openStage.definition(arrival);
    const attempt = this.attempts.make(arrival, this.openStage.mount(arrival, definition), 'mount');
    const { html, snapshot } = await this.attempts.work(attempt, async () => {
      await this.hydrateStage.run(attempt);
      return { html: await this.attempts.render(attempt), snapshot: await this.commitStage.dehydrate(attempt) };
    });
    const answer = await this.answerStage.mounted(attempt, html, { snapshot });
    await this.features.of(definition).onSaved(attempt.ctx);
    return answer;
  }

  private async look(arrival: Arrival, find: Find): Promise<Answer> {
    const attempt = this.attempts.make(arrival, await find(), 'view');
    return this.answerStage.shown(attempt, await this.attempts.view(attempt));
  }

  /** Mounted from the state that was left, for a page that has no other way to find it again. */
  private async resume(arrival: Arrival, find: Find): Promise<Answer> {
    const attempt = this.attempts.make(arrival, await find(), 'view');
    const html = await this.attempts.view(attempt);
    const { snapshot, shape, definition } = attempt.opened;
    const isPresent = snapshot !== null && shape === definition.shape;
    return this.answerStage.mounted(attempt, html, {
      snapshot: isPresent ? snapshot : await this.commitStage.dehydrate(attempt),
    });
  }

  private async join(arrival: Arrival, find: Find): Promise<Answer> {
    const attempt = this.attempts.make(arrival, await find(), 'view');
    const html = await this.attempts.view(attempt);
    return this.answerStage.joined(attempt, html);
  }

  private async leave(arrival: Arrival, find: Find): Promise<Answer> {
    const attempt = this.attempts.make(arrival, await find(), 'view');
    const { answer, gone } = await this.answerStage.left(attempt);
    const { definition } = attempt.opened;
    const isWatched = this.features.of(definition).watchesEnds || 'onDestroy' in (definition.type.prototype as object);
    if (gone && isWatched) {
      await this.destroy(attempt);
    }
    return answer;
  }

  /** The instance is gone, whatever its last hook does: a failure is logged and the leave stands. */
  private async destroy(attempt: Attempt): Promise<void> {
    const { arrival, opened, ctx } = attempt;
    try {
      await this.attempts.work(attempt, async () => {
        await this.hydrateStage.run(attempt);
        await (ctx.component as AuthorHooks).onDestroy?.();
        await this.features.of(opened.definition).onEnd(ctx);
      });
    } catch (error) {
      const failure = this.attempts.coded(arrival, error);
      this.log.refused(failure, refusal(failure, { id: opened.id }), arrival);
    }
  }

  /** Finds which instance is meant and takes its place in that instance's queue. */
  private locate<T>(arrival: Arrival, run: Way<T>): Soon<T> {
    const { held, envelope, kind } = arrival;
    const { component_id: named, state } = envelope;
    if (!held && state === undefined && named !== undefined && (kind === 'view' || kind === 'subscribe')) {
      return this.among(arrival, named, run);
    }
    const definition = this.openStage.definition(arrival);
    if (held) {
      return this.queue.run(held.id, this.limits.maxQueue, () =>
        run(arrival, () => this.openStage.held(held, definition)),
      );
    }
    const token = this.token(arrival, definition);
    const find = (): Soon<Opened> =>
      kind === 'resume'
        ? this.openStage.resumed(arrival, { definition, token })
        : this.openStage.token(arrival, { definition, token });
    return after(this.known(token, arrival, definition), () =>
      this.queue.run(token.i, this.limits.maxQueue, () => run(arrival, find)),
    );
  }

  /** What many pages share is found by its id. */
  private async among<T>(arrival: Arrival, id: string, run: Way<T>): Promise<T> {
    const shared = await this.shared.find(id, arrival.caller, arrival.envelope.component);
    return this.queue.run(id, this.limits.maxQueue, () => run(arrival, () => this.let(arrival, shared)));
  }

  /** A token of what many pages share is good for as long as that is there. */
  private known(token: TokenPayload, { caller }: Arrival, { name }: ComponentDefinition): Soon<unknown> {
    return token.pur === 'sub' && !this.seal.isPlaced(token) ? this.shared.find(token.i, caller, name) : undefined;
  }

  /** Whom no guard knows any more is told so, and not that the page is of somebody else. */
  private token(arrival: Arrival, definition: ComponentDefinition): TokenPayload {
    const { envelope, caller, verdict } = arrival;
    const { state, component_id: instance, keeps } = envelope;
    try {
      return named(envelope, this.seal.open(state, { definition, caller, instance, keeps }));
    } catch (error) {
      const refusal = verdict?.refused && this.attempts.coded(arrival, verdict.refused.error, 'author');
      throw refusal?.code === 'UNAUTHENTICATED' ? refusal : error;
    }
  }

  /** Whoever names a shared instance passes its guards before anything of it is opened for them. */
  private async let(arrival: Arrival, shared: SharedInstance): Promise<Opened> {
    const present = await this.openStage.server(shared, shared.definition);
    if (arrival.kind === 'view') {
      return present;
    }
    await this.attempts.view(this.attempts.make({ ...arrival, output: 'state' }, present, 'view'));
    return this.openStage.join(shared, arrival);
  }

  private readonly refuse = (error: unknown, arrival: Arrival): Answer => {
    const failure = this.attempts.coded(arrival, error);
    const { held, envelope } = arrival;
    const reply = refusal(failure, { id: held?.id ?? envelope.component_id, seq: envelope.seq });
    return { reply: this.log.refused(failure, reply, arrival), status: CATALOGUE[failure.code].status };
  };
}

/** What the compact form leaves to its token. Added, not copied: the envelope was read for this event alone. */
const named = (envelope: Mutable<RequestEnvelope>, token: TokenPayload): TokenPayload => {
  const { version } = envelope;
  if (version !== undefined) {
    const { e, cs, i } = token;
    if (e === undefined || cs === undefined) {
      throw new LiveError('BAD_FRAME', 'the compact form is for a token that an answer has brought');
    }
    envelope.at = { e, v: version };
    envelope.component_id = i;
  }
  return token;
};
