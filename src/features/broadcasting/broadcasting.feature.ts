import { Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';

import type { ComponentDefinition } from '../../component/definition.js';
import { NodeIdentity } from '../../connections/node-identity.js';
import { RouteClaims } from '../../connections/route-claims.js';
import { LiveSetupError } from '../../errors/setup-error.js';
import { EventBus, type FeedEntry, type Unsubscribe } from '../../events/event-bus.js';
import { topicMatches } from '../../events/topic-pattern.js';
import { Feature, type Committed, type LiveFeature, type Seam } from '../../lifecycle/context/live-feature.js';
import type { LiveContext } from '../../lifecycle/context/live.context.js';
import { StateHolders } from '../../lifecycle/instance/state-holders.js';
import { PushRunner } from '../../lifecycle/run/push.runner.js';
import { ViewerRefresher } from '../../lifecycle/run/viewer.refresher.js';
import { ViewerRegistry, type Viewer } from '../../lifecycle/instance/viewer.js';
import { HINTS, nodeTopic, readHint, readRedraw, readTopicMessage, REDRAWS, TOPICS } from './bus-message.js';
import { hears, InstanceTopics } from './instance-topics.js';
import { readTopics, type TopicHandler } from './on-topic.decorator.js';

/** Instances rendered before the event loop gets a turn, so that a push to many does not hold up everybody's clicks. */
const SLICE = 50;
/** Changes under way at once, over all instances. */
const MAX_CHANGING = 500;

/** Keeps every viewer of an instance up to date: after somebody's event, after a push, after a message to a topic. */
@Feature()
export class BroadcastingFeature implements LiveFeature, OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('Live');
  private readonly listening = new Map<string, readonly TopicHandler[]>();
  private readonly personal = new Map<string, readonly TopicHandler[]>();
  /** Of components whose topics are those of the instance. */
  private readonly topics = new InstanceTopics();
  private readonly changing = new Set<Promise<void>>();
  private subscriptions: readonly Unsubscribe[] = [];
  private isFailing = false;
  private isWarned = false;

  constructor(
    private readonly bus: EventBus,
    private readonly node: NodeIdentity,
    private readonly routes: RouteClaims,
    private readonly viewers: ViewerRegistry,
    private readonly pushes: PushRunner,
    private readonly refresher: ViewerRefresher,
    private readonly holders: StateHolders,
  ) {}

  onModuleInit(): void {
    this.subscriptions = [
      this.bus.subscribe(HINTS, (message) => this.hinted(message)),
      this.bus.subscribe(REDRAWS, (message) => this.redraw(message)),
      this.bus.subscribe(nodeTopic(this.node.id), (message) => this.redraw(message)),
      this.bus.follow(
        TOPICS,
        (entry) => this.toTopic(entry),
        () => this.missed(),
      ),
    ];
  }

  onModuleDestroy(): void {
    this.subscriptions.forEach((unsubscribe) => unsubscribe());
  }

  onDefine(definition: ComponentDefinition): void {
    const topics = readTopics(definition.type.prototype as object);
    if (topics.length > 0 && !this.holders.of(definition).isJoinable) {
      const { type } = definition;
      throw new LiveSetupError(
        'HANDLER_UNSUPPORTED',
        `${type.name}.${topics[0].method} listens to a topic, but its page holds the state: the server has nothing to change. Write @LiveComponent('${definition.name}', { state: 'server' }).`,
      );
    }
    if (topics.length > 0) {
      this.listening.set(definition.name, topics);
      const personal = topics.filter(({ pattern }) => typeof pattern === 'function');
      if (personal.length > 0) {
        this.personal.set(definition.name, personal);
      }
    }
  }

  seamsOf({ name }: ComponentDefinition): readonly Seam[] {
    return this.personal.has(name) ? ['onHydrate', 'onDehydrate'] : [];
  }

  onHydrate(ctx: LiveContext): void {
    this.learn(ctx);
  }

  onDehydrate(ctx: LiveContext): void {
    this.learn(ctx);
  }

  private learn(ctx: LiveContext): void {
    const handlers = this.personal.get(ctx.definition.name);
    if (handlers && this.viewers.countOf(ctx.id) > 0) {
      this.topics.learn(ctx, handlers);
    }
  }

  onJoin({ held: { id } }: Viewer): void {
    if (this.viewers.countOf(id) === 1) {
      this.routes.hold({ kind: 'instance', id });
    }
  }

  onLeave({ held: { id } }: Viewer): void {
    if (this.viewers.countOf(id) === 0) {
      this.topics.forget(id);
      this.routes.drop({ kind: 'instance', id });
    }
  }

  onCommit({ id, epoch: e, version: v, by }: Committed): void {
    if (this.bus.isHeardByOthers(HINTS)) {
      void this.hint({ id, e, v });
    }
    if (by !== 'server' && this.viewers.hasOthersToShow(id, by)) {
      this.refresher.catchUp(id, { e, v });
    }
  }

  private async hint(position: { readonly id: string; readonly e: string; readonly v: number }): Promise<void> {
    try {
      await this.bus.publish(HINTS, { ...position, node: this.node.id });
      this.isFailing = false;
    } catch (error) {
      // Once for a whole outage: the other nodes find out by their sweep.
      if (!this.isFailing) {
        this.logger.warn(`other nodes get no hints: ${(error as Error).message}`);
      }
      this.isFailing = true;
    }
  }

  private hinted(message: unknown): void {
    const hint = readHint(message);
    if (!hint) {
      this.strange(HINTS);
      return;
    }
    if (hint.node !== this.node.id) {
      this.refresher.catchUp(hint.id, { e: hint.e, v: hint.v });
    }
  }

  private redraw(message: unknown): void {
    const redraw = readRedraw(message);
    if (!redraw) {
      this.strange(REDRAWS);
      return;
    }
    if (redraw.node !== this.node.id) {
      this.refresher.redraw(redraw.id);
    }
  }

  private async toTopic({ offset, message: entry }: FeedEntry): Promise<void> {
    const said = readTopicMessage(entry);
    if (!said) {
      this.strange(TOPICS);
      return;
    }
    const { topic, message: argument } = said;
    let pushed = 0;
    for (const [component, topics] of this.listening) {
      for (const handler of topics.filter(
        ({ pattern }) => typeof pattern === 'function' || topicMatches(pattern, topic),
      )) {
        const { method, pattern } = handler;
        const wants = typeof pattern === 'function' ? (ctx: LiveContext) => hears(ctx, handler, topic) : undefined;
        for (const id of this.viewers.instancesOf(component)) {
          if (!this.topics.mayHear(id, handler, topic)) {
            continue;
          }
          const once = `${TOPICS}:${offset}:${method}`;
          await this.paced(this.pushes.change(this.viewers.of(id), { method, argument, once, wants }));
          pushed += 1;
          if (pushed % SLICE === 0) {
            await new Promise((resolve) => setImmediate(resolve));
          }
        }
      }
    }
  }

  /** Goes on at once, but never with more than so many changes under way: then the feed waits, not our memory. */
  private async paced(change: Promise<void>): Promise<void> {
    const ended = change.finally(() => this.changing.delete(ended));
    this.changing.add(ended);
    if (this.changing.size >= MAX_CHANGING) {
      await Promise.race(this.changing);
    }
  }

  /** Messages were lost: what they changed elsewhere is in the store, what they told about is read by a render. */
  private missed(): void {
    for (const component of this.listening.keys()) {
      this.viewers.instancesOf(component).forEach((id) => this.refresher.redraw(id));
    }
  }

  private strange(channel: string): void {
    if (!this.isWarned) {
      this.logger.warn(`what came on "${channel}" is no message of ours and was ignored; more will not be mentioned`);
    }
    this.isWarned = true;
  }
}
