import { setTimeout as pause } from 'node:timers/promises';

import { LiveError } from '../../errors/live-error.js';
import type { Reply } from '../../protocol/envelope.js';
import type { Limits } from '../../protocol/limits.js';
import { TokenBucket } from './token-bucket.js';

/** The answers to a message that asks for many, in its order. */
export interface JointReply {
  readonly ok: true;
  readonly replies: readonly Reply[];
}

interface JointRequests {
  /** Answers one of them. */
  readonly answer: (kind: 'join' | 'mount', request: unknown) => Promise<Reply>;
  /** Nobody waits for the rest any more. */
  readonly isOver: () => boolean;
}

/**
 * Joins and mounts of a page's components, which come in one message: one after the other, as many at once as a connection
 * may hold, and what is asked for beyond that at the rate of events.
 */
export class JointJoins {
  private readonly bucket?: TokenBucket;

  constructor(private readonly limits: Limits) {
    const { eventsPerSecond, maxInstances } = limits;
    this.bucket = eventsPerSecond > 0 ? new TokenBucket(eventsPerSecond, 2 * maxInstances) : undefined;
  }

  /** @throws LiveError `BAD_FRAME` */
  async run(args: readonly unknown[], { answer, isOver }: JointRequests): Promise<JointReply> {
    const replies: Reply[] = [];
    for (const request of this.read(args)) {
      for (let ms = this.bucket?.take() ?? 0; ms > 0 && !isOver(); ms = this.bucket?.take() ?? 0) {
        await pause(ms);
      }
      if (isOver()) {
        break;
      }
      replies.push(await answer(isMount(request) ? 'mount' : 'join', request));
    }
    return { ok: true, replies };
  }

  private read([message, ...more]: readonly unknown[]): readonly unknown[] {
    const requests = (message as { requests?: unknown } | null | undefined)?.requests;
    if (more.length > 0 || !Array.isArray(requests) || requests.length > 2 * this.limits.maxInstances) {
      throw new LiveError('BAD_FRAME', `joint requests are a list of at most ${2 * this.limits.maxInstances}`);
    }
    return requests;
  }
}

/** What names a mount token to begin from is a mount. */
const isMount = (request: unknown): boolean => typeof request === 'object' && request !== null && 'ticket' in request;
