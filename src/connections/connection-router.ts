/** What a node can hold: somebody's connection, a viewer of an instance, a callback on one. */
export type RouteKind = 'connection' | 'instance' | 'callback';

export interface Route {
  readonly kind: RouteKind;
  /** Id of the connection or of the instance. */
  readonly id: string;
}

export interface ConnectionRouterOptions {
  /** How long a node that says nothing is believed to be alive, in milliseconds. @default 15_000 */
  readonly nodeTtlMs?: number;
  readonly now?: () => number;
}

/**
 * Which node holds what. Entries end with their node: one that has not been announced for `nodeTtlMs` holds nothing,
 * and what it left behind is swept away by the next announcement of any node. Several nodes may hold one instance (two
 * viewers); answers name living nodes only.
 */
export abstract class ConnectionRouter {
  abstract readonly nodeTtlMs: number;

  /**
   * Says that a node is alive; repeated by its heartbeat.
   * @returns whether it was alive all along; `false` (at first, and after a pause) means that what it claimed before
   * may be forgotten and is to be claimed again
   */
  abstract announce(node: string): Promise<boolean>;

  /** A node ends in good order: it and all it held are forgotten. */
  abstract withdraw(node: string): Promise<void>;

  abstract nodes(): Promise<readonly string[]>;

  /** Counts from the node's next announcement on when it is not alive. */
  abstract claim(node: string, routes: readonly Route[]): Promise<void>;

  abstract release(node: string, routes: readonly Route[]): Promise<void>;

  /** The living nodes that hold it, in a stable order; empty when nobody does. */
  abstract holders(route: Route): Promise<readonly string[]>;

  abstract close(): Promise<void>;
}
