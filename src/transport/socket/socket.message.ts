import type { Arrival } from '../../lifecycle/run/interaction.js';
import type { Trace } from '../../observability/metrics.js';
import type { Ack } from './live.socket.js';
import type { UnansweredMessage } from './unanswered.messages.js';

/** What a client has sent: nothing of it is known yet. */
export interface SocketMessage {
  readonly event: unknown;
  readonly args: readonly unknown[];
  readonly ack?: Ack;
}

/** One within the connection's limits. */
export interface AdmittedMessage extends SocketMessage {
  readonly trace: Trace;
  readonly message: UnansweredMessage;
  /** What it has turned out to ask for: a refusal says it. */
  readonly told: { subject: Partial<Arrival> };
}
