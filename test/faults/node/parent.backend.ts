import {
  Backend,
  MemoryBackend,
  StateStore,
  type AdoptOutcome,
  type AdoptRequest,
  type CommitOutcome,
  type CommitRequest,
  type CreateOutcome,
  type CreateRequest,
  type JoinOutcome,
  type JoinRequest,
  type LeaveOutcome,
  type OpenOutcome,
  type OpenRequest,
  type StoredState,
} from 'nest-live/extend';

interface Answered {
  readonly call: number;
  readonly outcome?: unknown;
  readonly failed?: string;
}

/** The state of a node whose store lives in the process that started it: it survives the node's death. */
export class ParentStateStore extends StateStore {
  private readonly waiting = new Map<number, (answer: Answered) => void>();
  private calls = 0;

  constructor(readonly generation: string) {
    super();
    process.on('message', (message: Answered) => {
      this.waiting.get(message.call)?.(message);
      this.waiting.delete(message.call);
    });
  }

  adopt(request: AdoptRequest): Promise<AdoptOutcome> {
    return this.ask('adopt', request);
  }

  open(request: OpenRequest): Promise<OpenOutcome> {
    return this.ask('open', request);
  }

  join(request: JoinRequest): Promise<JoinOutcome> {
    return this.ask('join', request);
  }

  commit(request: CommitRequest): Promise<CommitOutcome> {
    return this.ask('commit', request);
  }

  create(request: CreateRequest): Promise<CreateOutcome> {
    return this.ask('create', request);
  }

  peek(id: string): Promise<StoredState | null> {
    return this.ask('peek', id);
  }

  positions(ids: readonly string[]): ReturnType<StateStore['positions']> {
    return this.ask('positions', ids);
  }

  leave(request: { readonly id: string; readonly cs: string }): Promise<LeaveOutcome> {
    return this.ask('leave', request);
  }

  end(id: string): Promise<boolean> {
    return this.ask('end', id);
  }

  async sweep(): Promise<void> {}

  async close(): Promise<void> {}

  private ask<T>(method: string, argument: unknown): Promise<T> {
    const call = ++this.calls;
    return new Promise((resolve, reject) => {
      this.waiting.set(call, ({ outcome, failed }) =>
        failed === undefined ? resolve(outcome as T) : reject(new Error(failed)),
      );
      process.send?.({ call, method, argument });
    });
  }
}

/** Everything but the state in this process. */
export class ParentBackend extends Backend {
  readonly name = 'parent';
  readonly isShared = true;
  readonly state: StateStore;
  private readonly rest = new MemoryBackend();
  readonly widgets = this.rest.widgets;
  readonly events = this.rest.events;
  readonly connections = this.rest.connections;
  readonly sessions = this.rest.sessions;
  readonly rates = this.rest.rates;
  readonly renders = this.rest.renders;

  constructor(generation: string) {
    super();
    this.state = new ParentStateStore(generation);
  }

  start(): Promise<void> {
    return this.rest.start();
  }

  check(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return this.rest.close();
  }
}
