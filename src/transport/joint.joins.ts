import { setTimeout as pause } from 'node:timers/promises';

import { LiveError } from '../errors/live-error.js';
import type { Reply } from '../protocol/envelope.js';
import type { Limits } from '../protocol/limits.js';

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

/** How many may ask at once before the rate of events applies: a page whose server has lost it joins, and mounts. */
export const jointBurst = ({ maxInstances }: Limits): number => 2 * maxInstances;

/**
 * Joins and mounts of a page's components, which come in one message: one after the other, as many at once as a page
 * may hold, and what is asked for beyond that at the rate of events.
 */
export class JointJoins {
  /** @param take 0 when the next one may go on, else the wait in milliseconds */
  constructor(
    private readonly limits: Limits,
    private readonly take: () => number,
  ) {}

  /** @throws LiveError `BAD_FRAME` */
  async run(args: readonly unknown[], { answer, isOver }: JointRequests): Promise<JointReply> {
    const replies: Reply[] = [];
    for (const request of this.read(args)) {
      for (let ms = this.take(); ms > 0 && !isOver(); ms = this.take()) {
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
    if (more.length > 0 || !Array.isArray(requests) || requests.length > jointBurst(this.limits)) {
      throw new LiveError('BAD_FRAME', `joint requests are a list of at most ${jointBurst(this.limits)}`);
    }
    return requests;
  }
}

/** What names a mount token to begin from is a mount. */
const isMount = (request: unknown): boolean => typeof request === 'object' && request !== null && 'ticket' in request;
