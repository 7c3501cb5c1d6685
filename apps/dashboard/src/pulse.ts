import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { LivePublisher } from 'nest-live';

const BEAT_MS = 1_000;

/** Tells every open dashboard, once a second, that time has passed; from the start of the application to its end. */
@Injectable()
export class Pulse implements OnApplicationBootstrap, OnModuleDestroy {
  private timer?: NodeJS.Timeout;

  constructor(private readonly publisher: LivePublisher) {}

  /** The second that has just begun. */
  get now(): number {
    return Math.floor(Date.now() / 1_000);
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.publisher.broadcast('dashboard.beat'), BEAT_MS);
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }
}
