import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';

import { LiveError } from '../errors/live-error.js';
import { EventBus, type Unsubscribe } from '../events/event-bus.js';
import { refusal } from '../lifecycle/run/failure.js';
import { isRemoval, REMOVED_CHANNEL } from '../lifecycle/instance/shared-instances.js';
import { ViewerRegistry } from '../lifecycle/instance/viewer.js';
import { WidgetStore, type WidgetRecord } from '../state/widget-store.js';
import { Widgets } from './widgets.js';

const EVERY_MS = 30_000;
const EXPIRED_AT_ONCE = 100;
/** A record without an instance may belong to one that is being made. */
const DEAD_AFTER_MS = 60_000;

/** Ends widgets whose time is over, keeps those that are used, and tells this node's viewers of one that has ended. */
@Injectable()
export class WidgetKeeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Live');
  private readonly seen = new Map<string, number>();
  private timer?: NodeJS.Timeout;
  private unsubscribe?: Unsubscribe;

  constructor(
    private readonly widgets: Widgets,
    private readonly records: WidgetStore,
    private readonly viewers: ViewerRegistry,
    private readonly bus: EventBus,
  ) {}

  onApplicationBootstrap(): void {
    this.unsubscribe = this.bus.subscribe(REMOVED_CHANNEL, (message) => {
      if (isRemoval(message)) {
        this.tell(message.id);
      }
    });
    this.timer = setInterval(() => void this.tick(), EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
    this.unsubscribe?.();
  }

  private async tick(): Promise<void> {
    try {
      await this.endExpired();
      await this.keepUsed();
    } catch (error) {
      this.logger.warn(`widgets could not be looked after, the next try is in ${EVERY_MS} ms: ${String(error)}`);
    }
  }

  /** Ends the widgets whose time is over. */
  async endExpired(): Promise<void> {
    for (;;) {
      const expired = await this.records.takeExpired(EXPIRED_AT_ONCE);
      for (const record of expired) {
        const shared = this.widgets.shared(record);
        if (shared) {
          await this.widgets.end(shared);
        }
      }
      if (expired.length < EXPIRED_AT_ONCE) {
        return;
      }
    }
  }

  /** A widget is used when somebody on this node has it open, or when it has changed since the last look. */
  async keepUsed(): Promise<void> {
    const records = await this.records.list();
    const versions = await this.widgets.versions(records);
    const before = new Map(this.seen);
    this.seen.clear();
    for (const [i, record] of records.entries()) {
      const version = versions[i];
      if (version === null) {
        await this.forget(record);
        continue;
      }
      this.seen.set(record.birth, version);
      const known = before.get(record.birth);
      if ((known !== undefined && known !== version) || this.viewers.of(record.id).length > 0) {
        await this.widgets.keep(record);
      }
    }
  }

  private async forget({ id, birth, made }: WidgetRecord): Promise<void> {
    if (Date.now() - made > DEAD_AFTER_MS) {
      await this.records.delete(id, birth);
    }
  }

  private tell(id: string): void {
    for (const viewer of this.viewers.of(id)) {
      viewer.refuse(refusal(new LiveError('INSTANCE_NOT_FOUND', 'the server has removed it'), { id }));
    }
  }
}
