import { Logger } from '@nestjs/common';

/** Anybody who reaches Redis can write to a channel as fast as they like; the log says so once a minute. */
const QUIET_MS = 60_000;

/** Says that something on a channel was no message. */
export class PoisonLog {
  private readonly logger = new Logger('Live');
  private last = -QUIET_MS;
  private unsaid = 0;

  ignored(channel: string, reason: string): void {
    const now = performance.now();
    if (now - this.last < QUIET_MS) {
      this.unsaid += 1;
      return;
    }
    const more = this.unsaid > 0 ? `; ${this.unsaid} more since the last warning` : '';
    this.logger.warn(`a message on "${channel.slice(0, 200)}" was ignored: ${reason}${more}`);
    this.last = now;
    this.unsaid = 0;
  }
}
