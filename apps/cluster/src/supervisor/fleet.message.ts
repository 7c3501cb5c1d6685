export type NodeStatus = 'starting' | 'running' | 'draining' | 'down';

export interface NodeReport {
  readonly name: string;
  readonly status: NodeStatus;
  /** Times it was started. */
  readonly starts: number;
}

/** From a node: it listens, or somebody wants a node gone. */
export type NodeMessage =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'end'; readonly name: string; readonly signal: 'SIGKILL' | 'SIGTERM' };

/** From the supervisor: how all nodes are. */
export interface FleetMessage {
  readonly kind: 'fleet';
  readonly nodes: readonly NodeReport[];
}
