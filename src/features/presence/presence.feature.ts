import { Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';

import type { ComponentDefinition } from '../../component/definition.js';
import { Feature, type LiveFeature, type Seam } from '../../lifecycle/context/live-feature.js';
import type { LiveContext } from '../../lifecycle/context/live.context.js';
import { Seal } from '../../lifecycle/instance/seal.js';
import type { Viewer } from '../../lifecycle/instance/viewer.js';
import { ViewerRefresher } from '../../lifecycle/run/viewer.refresher.js';
import { Attendance } from './attendance.js';
import { guestOf } from './person.js';
import { Presence } from './presence.js';
import { Pace } from './pace.js';
import { PresenceGossip } from './presence.gossip.js';
import { readPresent, type PresentMark } from './present.decorator.js';

/** Whoever comes and goes within this time is told of at once. */
const GATHER_MS = 50;
/** Whoever comes and goes again and again costs all others no more than one render in this time. */
const EVERY_MS = 1_000;

type Props = Readonly<Record<string, unknown>>;

/** Notes who has which component open, tells the other nodes, and renders for those who look on. */
@Feature()
export class PresenceFeature implements LiveFeature, OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('Live');
  private readonly marks = new Map<string, PresentMark>();
  private readonly attendance = new Attendance();
  private readonly telling = new Pace(GATHER_MS, EVERY_MS, (topic) => this.tell(topic));
  private readonly showing = new Pace(0, EVERY_MS, (topic) => this.show(topic));

  constructor(
    private readonly presence: Presence,
    private readonly gossip: PresenceGossip,
    private readonly refresher: ViewerRefresher,
    private readonly seal: Seal,
  ) {}

  onModuleInit(): void {
    this.gossip.start({
      said: () => this.attendance.topics.map((topic) => [topic, this.attendance.people(topic)] as const),
      changed: (topic) => this.showing.ask(topic),
    });
  }

  onModuleDestroy(): void {
    this.telling.stop();
    this.showing.stop();
    this.gossip.stop();
  }

  onDefine({ name, type }: ComponentDefinition): void {
    const mark = readPresent(type);
    if (mark) {
      this.marks.set(name, mark);
      this.gossip.listen();
    }
  }

  seamsOf({ name }: ComponentDefinition): readonly Seam[] {
    return this.marks.has(name) ? ['onView'] : [];
  }

  viewNames({ name }: ComponentDefinition): readonly string[] {
    return this.marks.has(name) ? ['present', 'presentCount'] : [];
  }

  onView(ctx: LiveContext, add: (name: string, value: unknown) => void): void {
    const mark = this.marks.get(ctx.definition.name);
    if (mark) {
      const topic = topicOf(mark, ctx.props);
      add('present', this.presence.list(topic, ctx.caller));
      add('presentCount', this.presence.count(topic, ctx.caller));
    }
  }

  onJoin(viewer: Viewer): void {
    const mark = this.marks.get(viewer.held.component);
    if (mark) {
      const topic = topicOf(mark, this.seal.decode(viewer.held.sealed).props);
      const { counted = true, about } = mark;
      const guest = counted ? guestOf(viewer.caller, about?.(viewer.caller)) : undefined;
      this.attendance.enter(viewer, { topic, guest });
      this.telling.ask(topic);
    }
  }

  onLeave(viewer: Viewer): void {
    const topic = this.attendance.leave(viewer);
    if (topic !== undefined) {
      this.telling.ask(topic);
    }
  }

  private tell(topic: string): void {
    this.gossip
      .say(topic, this.attendance.people(topic))
      .catch((error: Error) => this.logger.debug(`who is present was not told: ${error.message}`));
  }

  /** For each viewer, under that viewer's rights. */
  private show(topic: string): void {
    this.attendance.instances(topic).forEach((id) => this.refresher.redraw(id));
  }
}

const topicOf = ({ topic }: PresentMark, props: Props): string => (typeof topic === 'string' ? topic : topic(props));
