import { ConnectionRouter, type ConnectionRouterOptions, type Route } from './connection-router.js';

const keyOf = ({ kind, id }: Route): string => `${kind}:${id}`;

/** One process: every route leads to it. Knows several nodes only in tests. */
export class MemoryConnectionRouter extends ConnectionRouter {
  private readonly announced = new Map<string, number>();
  private readonly holding = new Map<string, Set<string>>();
  private readonly nodeTtlMs: number;
  private readonly now: () => number;

  constructor({ nodeTtlMs = 15_000, now = Date.now }: ConnectionRouterOptions = {}) {
    super();
    this.nodeTtlMs = nodeTtlMs;
    this.now = now;
  }

  announce(node: string): Promise<void> {
    this.announced.set(node, this.now());
    return Promise.resolve();
  }

  withdraw(node: string): Promise<void> {
    this.announced.delete(node);
    for (const [key, nodes] of this.holding) {
      this.drop(key, nodes, node);
    }
    return Promise.resolve();
  }

  async nodes(): Promise<readonly string[]> {
    const dead = [...this.announced].filter(([, since]) => since + this.nodeTtlMs < this.now());
    for (const [node] of dead) {
      await this.withdraw(node);
    }
    return [...this.announced.keys()].sort();
  }

  claim(node: string, routes: readonly Route[]): Promise<void> {
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

  async holders(route: Route): Promise<readonly string[]> {
    const living = await this.nodes();
    const nodes = this.holding.get(keyOf(route));
    return living.filter((node) => nodes?.has(node));
  }

  close(): Promise<void> {
    this.announced.clear();
    this.holding.clear();
    return Promise.resolve();
  }

  private drop(key: string, nodes: Set<string> | undefined, node: string): void {
    if (nodes?.delete(node) && nodes.size === 0) {
      this.holding.delete(key);
    }
  }
}
