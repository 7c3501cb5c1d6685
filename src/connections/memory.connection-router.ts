import { ConnectionRouter, type ConnectionRouterOptions, type Route } from './connection-router.js';

const keyOf = ({ kind, id }: Route): string => `${kind}:${id}`;

/** One process: every route leads to it. Knows several nodes only in tests. */
export class MemoryConnectionRouter extends ConnectionRouter {
  readonly nodeTtlMs: number;
  /** When each node was announced last; 0 for one that has only claimed. */
  protected readonly announced = new Map<string, number>();
  protected readonly holding = new Map<string, Set<string>>();
  private readonly now: () => number;

  constructor({ nodeTtlMs = 15_000, now = Date.now }: ConnectionRouterOptions = {}) {
    super();
    this.nodeTtlMs = nodeTtlMs;
    this.now = now;
  }

  async announce(node: string): Promise<boolean> {
    const wasAlive = this.isAlive(node);
    this.announced.set(node, this.now());
    const dead = [...this.announced.keys()].filter((known) => !this.isAlive(known));
    await Promise.all(dead.map((known) => this.withdraw(known)));
    return wasAlive;
  }

  withdraw(node: string): Promise<void> {
    this.announced.delete(node);
    for (const [key, nodes] of this.holding) {
      this.drop(key, nodes, node);
    }
    return Promise.resolve();
  }

  nodes(): Promise<readonly string[]> {
    return Promise.resolve([...this.announced.keys()].filter((node) => this.isAlive(node)).sort());
  }

  claim(node: string, routes: readonly Route[]): Promise<void> {
    this.announced.set(node, this.announced.get(node) ?? 0);
    for (const route of routes) {
      const key = keyOf(route);
      this.holding.set(key, (this.holding.get(key) ?? new Set()).add(node));
    }
    return Promise.resolve();
  }

  release(node: string, routes: readonly Route[]): Promise<void> {
    for (const route of routes) {
      const key = keyOf(route);
      this.drop(key, this.holding.get(key), node);
    }
    return Promise.resolve();
  }

  holders(route: Route): Promise<readonly string[]> {
    const nodes = [...(this.holding.get(keyOf(route)) ?? [])];
    return Promise.resolve(nodes.filter((node) => this.isAlive(node)).sort());
  }

  close(): Promise<void> {
    this.announced.clear();
    this.holding.clear();
    return Promise.resolve();
  }

  private isAlive(node: string): boolean {
    const since = this.announced.get(node);
    return since !== undefined && since + this.nodeTtlMs > this.now();
  }

  private drop(key: string, nodes: Set<string> | undefined, node: string): void {
    if (nodes?.delete(node) && nodes.size === 0) {
      this.holding.delete(key);
    }
  }
}
