import { LiveError } from '../../errors/live-error.js';

/** A message that has come and is not answered. */
export interface Waiting {
  /** Its turn has come. @throws LiveError `SESSION_REVOKED` when the login ended before */
  readonly begin: () => void;
  /** It is answered. */
  readonly over: () => void;
}

export const loginOver = (): LiveError =>
  new LiveError('SESSION_REVOKED', 'the login behind this connection has ended');

/** The messages of one connection whose turn has not come: they do not outlive the login they were sent under. */
export class UnansweredMessages {
  private readonly waiting = new Set<() => void>();
  private closed = false;

  /** @param refuse answers the message, should the login end before its turn */
  add(refuse: () => void): Waiting {
    this.waiting.add(refuse);
    const over = (): void => void this.waiting.delete(refuse);
    const begin = (): void => {
      if (this.closed) {
        throw loginOver();
      }
      over();
    };
    return { begin, over };
  }

  refuseAll(): void {
    this.closed = true;
    this.waiting.forEach((refuse) => refuse());
    this.waiting.clear();
  }
}
