export interface NoticeOptions {
  readonly code: string;
  readonly message: string;
  /** Lines below the message. */
  readonly details?: readonly string[];
  /** What its button says and does besides taking the notice away. */
  readonly way?: readonly [label: string, take: () => void];
  /** The event it is about: accepted later, there is nothing left to say. */
  readonly about?: string;
  /** `passing`: true until the next answer. `lasting`: until a person takes it away. Otherwise until something else was accepted, and it was read. */
  readonly stays?: 'passing' | 'lasting';
}

/** What is said beside a component, or at the end of the page: each until it is settled, read, or taken away. */
export interface Notices {
  /** What says the same stays as it is, so that nobody hears it twice. */
  show(options: NoticeOptions): void;
  /** There is no server to be heard. */
  offline(connect: () => void): void;
  /** Something was accepted: the event of this name. */
  settle(event?: string): void;
  readonly clear: () => void;
}
