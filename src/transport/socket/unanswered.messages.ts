import { LiveError } from '../../errors/live-error.js';

export const loginOver = (): LiveError =>
  new LiveError('SESSION_REVOKED', 'the login behind this connection has ended');

/** The messages of one connection whose turn has not come: they do not outlive the login they were sent under. */
export class UnansweredMessages {
  private readonly waiting = new Set<() => void>();
  private closed = false;

  /** A message has come. @param refuse answers it, should the login end before its turn */
  take(refuse: () => void): UnansweredMessage {
    return new UnansweredMessage({ waiting: this.waiting, isClosed: () => this.closed }, refuse);
  }

  refuseAll(): void {
    this.closed = true;
    this.waiting.forEach((refuse) => refuse());
    this.waiting.clear();
  }
}

interface Waiting {
  readonly waiting: Set<() => void>;
  readonly isClosed: () => boolean;
}

/** A message that has come and is not answered. */
export class UnansweredMessage {
  private hasBegun = false;

  constructor(
    private readonly messages: Waiting,
    private readonly refuse: () => void,
  ) {}

  /** It is not answered at once: until its turn has come it is among those that wait. */
  wait(): void {
    if (!this.hasBegun) {
      this.messages.waiting.add(this.refuse);
    }
  }

  /** Its turn has come. @throws LiveError `SESSION_REVOKED` when the login ended before */
  begin(): void {
    if (this.messages.isClosed()) {
      throw loginOver();
    }
    this.over();
  }

  /** It is answered, or about to be. */
  over(): void {
    this.hasBegun = true;
    this.messages.waiting.delete(this.refuse);
  }
}
