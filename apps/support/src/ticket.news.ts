import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { LivePublisher } from 'nest-live';

const MINUTE = 60_000;

/** Says that something is different; each page then reads what its person may see. Nothing secret is in the message. */
@Injectable()
export class TicketNews implements OnModuleInit, OnModuleDestroy {
  private timer?: NodeJS.Timeout;

  constructor(private readonly live: LivePublisher) {}

  onModuleInit(): void {
    // “5 min” grows old by itself.
    this.timer = setInterval(() => void this.live.broadcast('support.clock'), MINUTE).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Nobody waits for it: the publisher logs what does not reach every page. */
  tell(ticket: string): void {
    void this.live.broadcast(`support.tickets.${ticket}`);
  }
}
