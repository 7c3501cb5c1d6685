import { LiveError } from '../../errors/live-error.js';

export const loginOver = (): LiveError =>
  new LiveError('SESSION_REVOKED', 'the login behind this connection has ended');

/** The messages of one connection whose turn has not come: they do not outlive the login they were sent under. */
export class UnansweredMessages {
  private waiting?: Set<() => void>; // a new Set for those that wait: most are answered at once
  private closed = false;

  get isClosed(): boolean {
    return this.closed;
  }

  /** A message has come. @param refuse answers it, should the login end before its turn */
  take(refuse: () => void): UnansweredMessage {
    return new UnansweredMessage(this, refuse);
  }

  refuseAll(): void {
    this.closed = true;
    this.waiting?.forEach((refuse) => refuse());
    this.waiting = undefined;
  }

  /** For a message of these: its turn has not come. */
  add(refuse: () => void): void {
    (this.waiting ??= new Set()).add(refuse);
  }

  delete(refuse: () => void): void {
    this.waiting?.delete(refuse);
  }
}

/** A message that has come and is not answered. */
export class UnansweredMessage {
  private hasBegun = false;

  constructor(
    private readonly messages: UnansweredMessages,
    private readonly refuse: () => void,
  ) {}

  /** It is not answered at once: until its turn has come it is among those that wait. */
  wait(): void {
    if (!this.hasBegun) {
      this.messages.add(this.refuse);
    }
  }

  /** Its turn has come. @throws LiveError `SESSION_REVOKED` when the login ended before */
  begin(): void {
    if (this.messages.isClosed) {
      throw loginOver();
    }
    this.over();
  }

  /** It is answered, or about to be. */
  over(): void {
    this.hasBegun = true;
    this.messages.delete(this.refuse);
  }
}
