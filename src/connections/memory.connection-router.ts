import { addTo, membersOf, takeFrom, type Group } from '../protocol/groups.js';
import { ConnectionRouter, type ConnectionRouterOptions, type Route } from './connection-router.js';

const keyOf = ({ kind, id }: Route): string => `${kind}:${id}`;

/** One process: every route leads to it. Knows several nodes only in tests. */
export class MemoryConnectionRouter extends ConnectionRouter {
  readonly nodeTtlMs: number;
  /** When each node was announced last; 0 for one that has only claimed. */
  protected readonly announced = new Map<string, number>();
  protected readonly holding = new Map<string, Group<string>>();
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
    for (const key of this.holding.keys()) takeFrom(this.holding, key, node);
    return Promise.resolve();
  }

  nodes(): Promise<readonly string[]> {
    return Promise.resolve([...this.announced.keys()].filter((node) => this.isAlive(node)).sort());
  }

  claim(node: string, routes: readonly Route[]): Promise<void> {
    this.announced.set(node, this.announced.get(node) ?? 0);
    routes.forEach((route) => addTo(this.holding, keyOf(route), node));
    return Promise.resolve();
  }

  release(node: string, routes: readonly Route[]): Promise<void> {
    routes.forEach((route) => takeFrom(this.holding, keyOf(route), node));
    return Promise.resolve();
  }

  holders(route: Route): Promise<readonly string[]> {
    return Promise.resolve(
      membersOf(this.holding.get(keyOf(route)))
        .filter((node) => this.isAlive(node))
        .sort(),
    );
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
}
