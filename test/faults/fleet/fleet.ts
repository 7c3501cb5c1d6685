import { MemoryStateStore, type StoredState } from 'nest-live/extend';

import { RedisServer } from '../../redis/redis.server.js';
import { Proxy } from '../network/proxy.js';
import { Relay } from '../network/relay.js';
import type { NodeOptions, NodeStore, Order, Vitals } from '../node/node.orders.js';
import { NodeProcess } from './node.process.js';

/** A node that goes by itself has gone by then, in milliseconds. */
const ROLL_MS = 30_000;

export interface FleetOptions {
  readonly nodes: number;
  /** @default 'redis' */
  readonly store?: 'redis' | 'parent';
  /** When Redis writes to disk. @default never */
  readonly appendfsync?: 'always' | 'everysec';
  readonly node?: Partial<NodeOptions>;
  /** What one node has that the others have not. */
  readonly each?: (index: number) => Partial<NodeOptions>;
  /** Each node reaches Redis over a line of its own, to be cut: `relays`. */
  readonly relayed?: boolean;
}

/** Nodes, the store behind them and the network in front of them: everything of one case, on this machine alone. */
export class Fleet {
  static async start(options: FleetOptions): Promise<Fleet> {
    const { nodes, store = 'redis', appendfsync, relayed = false } = options;
    const redis = store === 'redis' ? await RedisServer.start({ appendfsync }) : undefined;
    const fleet = new Fleet(options, redis);
    try {
      for (let index = 0; relayed && redis && index < nodes; index += 1) {
        fleet.relays.push(await Relay.start(redis.port));
      }
      await Promise.all(Array.from({ length: nodes }, (_, index) => fleet.up(index)));
      fleet.front = await Proxy.start(() => fleet.ports);
    } catch (error) {
      await fleet.stop();
      throw error;
    }
    return fleet;
  }

  readonly nodes: NodeProcess[] = [];
  readonly memory = new MemoryStateStore();
  /** The line between each node and Redis, where there is one. */
  readonly relays: Relay[] = [];
  kills = 0;
  private readonly returning = new Map<number, Promise<NodeProcess>>();
  private front?: Proxy;

  private constructor(
    private readonly options: FleetOptions,
    readonly redis?: RedisServer,
  ) {}

  get proxy(): Proxy {
    return this.front!;
  }

  get port(): number {
    return this.proxy.port;
  }

  get isWhole(): boolean {
    return this.nodes.every(({ isUp }) => isUp);
  }

  get ports(): readonly number[] {
    return this.nodes.filter((node) => node.isUp).map(({ port }) => port);
  }

  /** Starts a node, or another one in its place. */
  async up(index: number, options: Partial<NodeOptions> = {}): Promise<NodeProcess> {
    // A node that was about to crash may be killed as well: it comes back once.
    const already = this.returning.get(index);
    if (already) return already;
    const starting = this.launch(index, options);
    this.returning.set(index, starting);
    const node = await starting.finally(() => this.returning.delete(index));
    const former = this.nodes[index] as NodeProcess | undefined;
    this.nodes[index] = node;
    if (former?.isUp) await former.kill();
    return node;
  }

  /** As a deployment does it: the next one is started, then the former one is told to go. @returns how that one ended */
  async roll(index: number, options: Partial<NodeOptions>): Promise<string> {
    const former = this.nodes[index];
    this.nodes[index] = await this.launch(index, options);
    former.signal('SIGTERM');
    const late = setTimeout(() => former.signal('SIGKILL'), ROLL_MS);
    return former.ended.finally(() => clearTimeout(late));
  }

  /** Ends a node without any goodbye, and starts it again. */
  async replace(index: number): Promise<void> {
    this.kills += 1;
    await this.nodes[index].kill();
    await this.up(index);
  }

  ask(order: Order): Promise<unknown> {
    const node = this.nodes.find(({ isUp }) => isUp);
    if (!node) throw new Error('no node is up');
    return node.ask(order);
  }

  /** The final state of an instance, as any node reads it. */
  async state(id: string): Promise<Record<string, unknown> | undefined> {
    const stored = (await this.ask({ do: 'peek', id })) as StoredState | null;
    return stored ? (JSON.parse(stored.snapshot) as Record<string, unknown>) : undefined;
  }

  async position(id: string): Promise<StoredState | null> {
    return (await this.ask({ do: 'peek', id })) as StoredState | null;
  }

  async vitals(): Promise<Vitals[]> {
    return Promise.all(this.nodes.filter(({ isUp }) => isUp).map((node) => node.vitals()));
  }

  async stop(): Promise<void> {
    await Promise.allSettled(this.returning.values());
    await this.front?.stop();
    await Promise.all(this.nodes.map((node) => node.kill()));
    await Promise.all(this.relays.map((relay) => relay.stop()));
    await this.redis?.stop();
    await this.memory.close();
  }

  private launch(index: number, options: Partial<NodeOptions>): Promise<NodeProcess> {
    const { node, each } = this.options;
    const url = this.relays[index]?.url ?? this.redis?.url;
    const store: NodeStore = url ? { redis: url } : { parent: this.memory.generation };
    const all = { name: `n${index}`, store, ...node, ...each?.(index), ...options };
    return NodeProcess.start(all, this.memory);
  }
}
