import {
  Inject,
  Logger,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { LiveSetupError } from 'nest-live';
import type { DataSource } from 'typeorm';

import { Inbox } from './inbox.js';
import { resolveInbox, type InboxOptions, type ResolvedInbox } from './inbox.options.js';
import { ProcessedEvent } from './processed-event.entity.js';

const OPTIONS = Symbol('nest-live:inbox');
const SOURCE = Symbol('nest-live:inbox-source');

/** Provides `Inbox` to the whole application. The data source lists `ProcessedEvent` among its entities. */
@Module({})
export class InboxModule implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Live');
  private timer?: NodeJS.Timeout;

  /** @throws LiveSetupError `OPTION_INVALID`; at start-up also when the data source does not know `ProcessedEvent` */
  static forRoot({ imports = [], ...options }: InboxOptions = {}): DynamicModule {
    const resolved = resolveInbox(options);
    return {
      module: InboxModule,
      global: true,
      imports,
      providers: [
        { provide: OPTIONS, useValue: resolved },
        { provide: SOURCE, useExisting: resolved.dataSource },
        {
          provide: Inbox,
          inject: [SOURCE, OPTIONS],
          useFactory: (source: DataSource, settings: ResolvedInbox) => new Inbox(source, settings),
        },
      ],
      exports: [Inbox],
    };
  }

  constructor(
    private readonly inbox: Inbox,
    @Inject(SOURCE) private readonly source: DataSource,
    @Inject(OPTIONS) private readonly options: ResolvedInbox,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.source.hasMetadata(ProcessedEvent)) {
      throw new LiveSetupError(
        'OPTION_INVALID',
        'InboxModule needs its table: add ProcessedEvent from nest-live/typeorm to the entities of the data source.',
      );
    }
    const { purgeIntervalMs } = this.options;
    if (purgeIntervalMs > 0) {
      this.timer = setInterval(() => void this.purge(), purgeIntervalMs).unref();
    }
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private async purge(): Promise<void> {
    try {
      await this.inbox.purge();
    } catch (error) {
      this.logger.warn('the inbox could not delete old events; it tries again', error);
    }
  }
}
