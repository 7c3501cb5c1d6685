import { Logger } from '@nestjs/common';

import type { RedisLink } from './redis.link.js';
import { ServerInfo } from './server.info.js';

/** Time between two looks, in milliseconds. */
const EVERY_MS = 10_000;
/** Time between two lines in the log, in milliseconds. */
const SAY_EVERY_MS = 60_000;

/** The policy of eviction can be changed while an application runs: nobody else would say that keys may vanish now. */
export class EvictionWatch {
  /** Whether the server drops keys, at the last look. */
  isEvicting = false;
  private readonly logger = new Logger('LiveRedis');
  private lookedAt = -Infinity;
  private saidAt = -Infinity;

  constructor(private readonly link: RedisLink) {}

  /** Asks at most every ten seconds, and says what is wrong once a minute. */
  async look(): Promise<void> {
    const now = performance.now();
    if (now - this.lookedAt < EVERY_MS) return;
    this.lookedAt = now;
    const { eviction } = new ServerInfo(await this.link.commands.info('memory'));
    this.isEvicting = eviction !== undefined;
    if (this.isEvicting && now - this.saidAt >= SAY_EVERY_MS) {
      this.saidAt = now;
      this.logger.error(eviction);
    }
  }
}
