import { Backend, EventBus, type FeedListener, type Listener, type Subscription } from 'nest-live/extend';

/** Hears no hints and no redraws while `isDeaf`: what a lost Pub/Sub connection does. */
class HinderedBus extends EventBus {
  isDeaf = false;

  constructor(private readonly bus: EventBus) {
    super();
  }

  subscribe(pattern: string, listener: Listener): Subscription {
    return this.bus.subscribe(pattern, (message, topic) => (this.isDeaf ? undefined : listener(message, topic)));
  }

  publish(topic: string, message: unknown): Promise<void> {
    return this.bus.publish(topic, message);
  }

  append(feed: string, message: unknown): Promise<string> {
    return this.bus.append(feed, message);
  }

  follow(feed: string, listener: FeedListener, onGap?: () => void): Subscription {
    return this.bus.follow(feed, listener, onGap);
  }

  close(): Promise<void> {
    return this.bus.close();
  }
}

/** One node's backend, parts of which a test can take away. */
export class HinderedBackend extends Backend {
  readonly name: string;
  readonly isShared: boolean;
  readonly events: HinderedBus;
  readonly state: Backend['state'];
  readonly connections: Backend['connections'];
  readonly rates: Backend['rates'];
  /** Parts that answer every call with an error. */
  readonly down = new Set<'state' | 'connections' | 'rates'>();

  constructor(private readonly backend: Backend) {
    super();
    this.name = backend.name;
    this.isShared = backend.isShared;
    this.events = new HinderedBus(backend.events);
    this.state = this.failing('state', backend.state);
    this.connections = this.failing('connections', backend.connections);
    this.rates = this.failing('rates', backend.rates);
  }

  get widgets(): Backend['widgets'] {
    return this.backend.widgets;
  }

  get sessions(): Backend['sessions'] {
    return this.backend.sessions;
  }

  get renders(): Backend['renders'] {
    return this.backend.renders;
  }

  start(): Promise<void> {
    return this.backend.start();
  }

  check(): Promise<void> {
    return this.backend.check();
  }

  close(): Promise<void> {
    return this.backend.close();
  }

  private failing<T extends object>(name: 'state' | 'connections' | 'rates', part: T): T {
    return new Proxy(part, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown =>
          this.down.has(name) ? Promise.reject(new Error(`${name} is down`)) : (value.apply(target, args) as unknown);
      },
    });
  }
}
