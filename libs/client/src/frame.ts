import type { PendingEvent } from './pending-event.js';
import type { Position } from './wire.js';

/** Where a frame may go: a connection's number, or 0 for HTTP. */
export interface Channel {
  readonly connection: number;
  /** How many more events may be unanswered on it. */
  readonly room: number;
}

/**
 * What a session needs before it can send events. `join`: the present state. `fresh`: the same instance under a new
 * client session. `mount`: a new instance from the sealed props. `page`: the component as the page has it now.
 */
export type Need = 'join' | 'fresh' | 'mount' | 'page';

export interface Frame {
  /** Nothing for an event. */
  readonly need?: Need;
  readonly event?: PendingEvent;
  readonly connection: number;
  /** What was shown when it was sent. */
  readonly at?: Position;
  /** The token it relied on. */
  readonly state: string;
  /** Highest number acknowledged when it was sent. */
  readonly acked: number;
  /** An array goes on the wire as it is: the compact form, or a name and what it says. */
  readonly body: object & { readonly length?: number };
}
