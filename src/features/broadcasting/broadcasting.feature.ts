import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';

import type { ComponentDefinition } from '../../component/definition.js';
import { EventBus, type Unsubscribe } from '../../events/event-bus.js';
import { topicMatches } from '../../events/topic-pattern.js';
import { Feature, type Committed, type LiveFeature } from '../../lifecycle/live-feature.js';
import { PushRunner } from '../../lifecycle/push.runner.js';
import { ViewerRegistry } from '../../lifecycle/viewer.js';
import { INSTANCE_CHANNEL, TOPIC_CHANNEL } from './live.publisher.js';
import { readTopics, type TopicHandler } from './on-topic.decorator.js';

interface TopicMessage {
  readonly topic: string;
  readonly message: unknown;
}

/** Instances rendered before the event loop gets a turn, so that a push to many does not hold up everybody's clicks. */
const SLICE = 50;

/** Keeps every viewer of an instance up to date: after somebody's event, after a push, after a message to a topic. */
@Feature()
export class BroadcastingFeature implements LiveFeature, OnModuleInit, OnModuleDestroy {
  private readonly listening = new Map<string, readonly TopicHandler[]>();
  private subscriptions: readonly Unsubscribe[] = [];

  constructor(
    private readonly bus: EventBus,
    private readonly viewers: ViewerRegistry,
    private readonly pushes: PushRunner,
  ) {}

  onModuleInit(): void {
    this.subscriptions = [
      this.bus.subscribe(TOPIC_CHANNEL, (message) => void this.toTopic(message as TopicMessage)),
      this.bus.subscribe(INSTANCE_CHANNEL, (message) => this.toInstance((message as { id: string }).id)),
    ];
  }

  onModuleDestroy(): void {
    this.subscriptions.forEach((unsubscribe) => unsubscribe());
  }

  onDefine(definition: ComponentDefinition): void {
    const topics = readTopics(definition.type.prototype as object);
    if (topics.length > 0) {
      this.listening.set(definition.name, topics);
    }
  }

  onCommit({ id, by }: Committed): void {
    if (by === 'server') {
      return;
    }
    for (const viewer of this.viewers.of(id)) {
      if (viewer !== by) {
        void this.pushes.refresh(viewer);
      }
    }
  }

  private toInstance(id: string): void {
    this.viewers.of(id).forEach((viewer) => void this.pushes.refresh(viewer));
  }

  private async toTopic({ topic, message: argument }: TopicMessage): Promise<void> {
    let pushed = 0;
    for (const [component, topics] of this.listening) {
      for (const { method } of topics.filter(({ pattern }) => topicMatches(pattern, topic))) {
        for (const id of this.viewers.instancesOf(component)) {
          void this.pushes.change(this.viewers.of(id), { method, argument });
          pushed += 1;
          if (pushed % SLICE === 0) {
            await new Promise((resolve) => setImmediate(resolve));
          }
        }
      }
    }
  }
}
