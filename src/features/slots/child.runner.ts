import { Inject, Injectable } from '@nestjs/common';

import type { AuthorHooks } from '../../component/hooks.js';
import type { ComponentDefinition } from '../../component/definition.js';
import { ComponentRegistry } from '../../component/component.registry.js';
import { LiveError } from '../../errors/live-error.js';
import { Attempts } from '../../lifecycle/run/attempts.js';
import { Entrance } from '../../lifecycle/run/entrance.js';
import { refusal } from '../../lifecycle/run/failure.js';
import { FeatureHost } from '../../lifecycle/plan/feature-host.js';
import { Invoker } from '../../lifecycle/plan/invoker.js';
import type { Arrival, Attempt } from '../../lifecycle/run/interaction.js';
import type { Opened } from '../../lifecycle/instance/state-holder.js';
import type { LiveContext } from '../../lifecycle/context/live.context.js';
import type { Placed } from '../../lifecycle/context/placed.js';
import { Seal } from '../../lifecycle/instance/seal.js';
import { AnswerStage } from '../../lifecycle/run/stages/answer.stage.js';
import { CommitStage } from '../../lifecycle/run/stages/commit.stage.js';
import { EventStage } from '../../lifecycle/run/stages/event.stage.js';
import { HydrateStage } from '../../lifecycle/run/stages/hydrate.stage.js';
import { OpenStage } from '../../lifecycle/run/stages/open.stage.js';
import { askStore, storeRefusal } from '../../lifecycle/instance/store-call.js';
import { LiveLog } from '../../observability/live.log.js';
import type { Soon } from '../../protocol/soon.js';
import { LIMITS, type Limits } from '../../protocol/limits.js';
import { presentNotice } from '../../rendering/notice.js';
import type { PrintedHtml } from '../../rendering/printed-html.js';
import type { SlottedHtml } from '../../rendering/slot-contents.js';
import { BudgetedStateStore } from '../../state/budgeted.state-store.js';
import { componentOf, descentOf, familyOf } from './family.js';
import { Families } from './families.js';

/** A component in another one's template. */
export interface Child {
  readonly definition: ComponentDefinition;
  readonly id: string;
  /** Encoded props, slots and owner. */
  readonly sealed: string;
  readonly placed: Placed;
  /** When what its owner was mounted with was given first, where that was not now: its ticket ends with its owner's. */
  readonly since?: number;
  readonly slotted?: readonly SlottedHtml[];
  /** Address of the page it is shown on. */
  readonly url?: string;
}

/** The stages of an interaction, run for what stands in a template: for the caller who looks at the owner. */
@Injectable()
export class ChildRunner {
  /** Of renders in which somebody was asked who may look at a child. */
  private readonly guarded = new WeakSet<LiveContext>();

  constructor(
    private readonly entrance: Entrance,
    private readonly attempts: Attempts,
    private readonly invoker: Invoker,
    private readonly openStage: OpenStage,
    private readonly hydrateStage: HydrateStage,
    private readonly eventStage: EventStage,
    private readonly commitStage: CommitStage,
    private readonly answerStage: AnswerStage,
    private readonly features: FeatureHost,
    private readonly families: Families,
    private readonly registry: ComponentRegistry,
    private readonly store: BudgetedStateStore,
    private readonly seal: Seal,
    private readonly log: LiveLog,
    @Inject(LIMITS) private readonly limits: Limits,
  ) {}

  /** A new child; its page's token carries its state, as that of any component. */
  async mount(owner: LiveContext, child: Child): Promise<string> {
    const arrival = await this.entrance.enter(arrivalOf(owner, child, 'mount'));
    return this.noticing(arrival, child, async () => {
      const attempt = this.attempt(owner, { arrival, opened: this.openStage.placed(child.definition, child) });
      const { html, snapshot } = await this.attempts.work(attempt, async () => {
        await this.hydrateStage.run(attempt);
        return { html: await this.attempts.render(attempt), snapshot: await this.commitStage.dehydrate(attempt) };
      });
      this.noteGuards(owner, child, attempt);
      if (this.families.isPreview(owner)) {
        return this.preview(attempt, html, snapshot);
      }
      const { reply } = this.families.isShared(attempt.ctx)
        ? await this.share(attempt, html, snapshot)
        : await this.answerStage.mounted(attempt, html, { snapshot });
      const tell = (): Soon<void> => this.features.of(child.definition).onSaved(attempt.ctx);
      if (!this.families.later(owner, tell)) {
        await tell();
      }
      return htmlOf(reply);
    });
  }

  /** A child that is new in a preview: whoever uses it makes it. What no token can carry comes with the answer. */
  private async preview(attempt: Attempt, html: PrintedHtml, snapshot: string): Promise<string> {
    if (!this.seal.canCarry(attempt.opened, snapshot)) {
      return '';
    }
    return htmlOf((await this.answerStage.mounted(attempt, html, { snapshot, wish: 'unstored' })).reply);
  }

  /** A child that its page shows and that is given nothing new is not asked for anything: the page keeps it as it is. */
  private kept(owner: LiveContext, { id, sealed }: Child): string | undefined {
    const html = owner.children?.of(id, sealed);
    // It was rendered for this viewer.
    owner.isPersonal ||= html !== undefined;
    return html;
  }

  /** @returns whether somebody stands before a look at it, or at what stands in it: that one is asked for each render of its owner */
  private noteGuards(owner: LiveContext, { definition }: Child, { ctx }: Attempt): boolean {
    const isGuarded = this.guarded.has(ctx) || !this.invoker.isOpen(definition);
    if (isGuarded) {
      this.guarded.add(owner);
    }
    return isGuarded;
  }

  /** A child as it is, with what its owner gives it now. @returns undefined when it is no longer there */
  async show(owner: LiveContext, child: Child): Promise<string | undefined> {
    const kept = this.kept(owner, child);
    if (kept !== undefined) {
      return kept;
    }
    const arrival = await this.entrance.enter(arrivalOf(owner, child, 'view'));
    return this.noticing(arrival, child, async () => {
      for (let tries = 1; ; tries += 1) {
        const opened = await this.find(child);
        if (!opened) {
          return undefined;
        }
        const attempt = this.attempt(owner, { arrival, opened });
        const { html, snapshot } = await this.attempts.work(attempt, () => this.render(attempt));
        const isSaved = snapshot === undefined || (await this.keep(owner, { attempt, child, snapshot }));
        if (isSaved) {
          const shown = htmlOf(this.answerStage.shown(attempt, html).reply);
          // Until what it is given is saved, somebody may have to give it once more.
          if (!this.noteGuards(owner, child, attempt) && snapshot === undefined) {
            owner.children?.show(child.id, { sealed: child.sealed, html: shown });
          }
          return shown;
        }
        if (tries >= this.limits.maxConflictRetries) {
          throw new LiveError('CONTENTION', `${tries} tries met other changes`);
        }
      }
    });
  }

  /** Ends a child that its owner shows no more, and what stands in it. */
  async end(owner: LiveContext, { id, name }: { readonly id: string; readonly name: string }): Promise<void> {
    const definition = this.registry.get(componentOf(name));
    if (!definition) {
      return;
    }
    const child = { definition, id, sealed: '{"p":{}}', placed: { id, owner: ownerOf(owner) } };
    const opened = await this.find(child);
    if (!opened || !(await askStore(() => this.store.end(id)))) {
      return;
    }
    const arrival = { ...arrivalOf(owner, child, 'leave'), placed: undefined, recognition: undefined };
    await this.noticing(arrival, child, async () => {
      const attempt = this.attempts.make(arrival, opened, 'view');
      await this.attempts.work(attempt, async () => {
        await this.hydrateStage.run(attempt);
        await (attempt.ctx.component as AuthorHooks).onDestroy?.();
      });
      await this.endAll(attempt.ctx);
      return '';
    });
  }

  /** Ends all that stands in an instance which is over. */
  async endAll(owner: LiveContext): Promise<void> {
    for (const [name, known] of Object.entries(familyOf(owner).children ?? {})) {
      await this.end(owner, { id: descentOf(owner, name, known).id, name });
    }
  }

  private async render(attempt: Attempt): Promise<{ readonly html: PrintedHtml; readonly snapshot?: string }> {
    await this.hydrateStage.run(attempt);
    await this.eventStage.view(attempt);
    const html = await this.attempts.render(attempt);
    return this.families.isGivenAnew(attempt.ctx)
      ? { html, snapshot: await this.commitStage.dehydrate(attempt) }
      : { html };
  }

  /** Saves what the owner gave: at once, or with the owner's own change. @returns false when somebody was faster */
  private async keep(
    owner: LiveContext,
    { attempt, child, snapshot }: { attempt: Attempt; child: Child; snapshot: string },
  ): Promise<boolean> {
    if (
      this.families.isPreview(owner) ||
      this.families.later(owner, () => this.save({ owner, attempt, child, snapshot }))
    ) {
      return true;
    }
    return this.commit(attempt, snapshot);
  }

  private async save(given: { owner: LiveContext; attempt: Attempt; child: Child; snapshot: string }): Promise<void> {
    const { owner, child } = given;
    let { attempt, snapshot } = given;
    for (let tries = 1; !(await this.commit(attempt, snapshot)); tries += 1) {
      const opened = await this.find(child);
      if (!opened || tries >= this.limits.maxConflictRetries) {
        return;
      }
      const now = (attempt = this.attempt(owner, { arrival: attempt.arrival, opened }));
      const text = await this.attempts.work(now, async () => {
        await this.hydrateStage.run(now);
        return this.families.isGivenAnew(now.ctx) ? this.commitStage.dehydrate(now) : undefined;
      });
      if (text === undefined) {
        return;
      }
      snapshot = text;
    }
  }

  private async commit({ opened }: Attempt, snapshot: string): Promise<boolean> {
    const outcome = await this.commitStage.change(opened, snapshot);
    if (outcome.kind !== 'OK') {
      return false;
    }
    const { id, epoch, definition } = opened;
    this.features.onCommit({ id, epoch, component: definition.name, version: outcome.version });
    return true;
  }

  /** The owner was made for many pages: so is what stands in it, or each page would have another one. */
  private async share(attempt: Attempt, html: PrintedHtml, snapshot: string): ReturnType<AnswerStage['mounted']> {
    const { id, definition } = attempt.opened;
    const born = { id, snapshot, birth: this.seal.newId(), shape: definition.shape, owned: false } as const;
    await askStore(() => this.store.create(born));
    return this.answerStage.shown(attempt, html);
  }

  private async find({ definition, id, sealed }: Child): Promise<Opened | undefined> {
    try {
      return await this.openStage.server({ id, sealed }, definition);
    } catch (error) {
      if (error instanceof LiveError && error.code === storeRefusal('GONE').code) {
        return undefined;
      }
      throw error;
    }
  }

  private attempt(owner: LiveContext, { arrival, opened }: Pick<Attempt, 'arrival' | 'opened'>): Attempt {
    const attempt = this.attempts.make(arrival, opened, arrival.kind === 'mount' ? 'mount' : 'view');
    this.families.standIn(owner, attempt.ctx);
    return attempt;
  }

  /** What fails for a child is told in its place; its owner goes on. */
  private async noticing<T>(arrival: Arrival, { definition, id }: Child, run: () => Promise<T>): Promise<T | string> {
    try {
      return await run();
    } catch (error) {
      const failure = this.attempts.coded(arrival, error, 'author');
      const reply = this.log.refused(failure, refusal(failure, { id }), arrival);
      return presentNotice(reply, definition.name);
    }
  }
}

export const ownerOf = ({ definition, id, given }: LiveContext): Placed['owner'] => ({
  component: definition.name,
  id,
  depth: given.owner ? given.owner.depth + 1 : 0,
});

const arrivalOf = (owner: LiveContext, child: Child, kind: 'mount' | 'view' | 'leave'): Arrival => {
  const { caller, recognition, transport } = owner;
  // What its owner's guards have found is its owner's: its own are asked about it, as they are of its events.
  const { request } = recognition ?? owner;
  const { definition, placed, slotted, url } = child;
  // A push is a render for one viewer: whether a new child may be shown to that one is asked as at any mount.
  const way = transport === 'server' ? 'socket' : transport;
  const envelope = { component: definition.name, url };
  return { kind, envelope, caller, request, recognition, transport: way, placed, places: slotted };
};

const htmlOf = (reply: Awaited<ReturnType<AnswerStage['mounted']>>['reply']): string =>
  reply.ok ? (reply.html ?? '') : '';
