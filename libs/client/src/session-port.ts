import type { Channel, Frame } from './frame.js';
import type { PendingEvent } from './pending-event.js';
import type { OkReply, Reply, UpdatePush, WireError } from './wire.js';

export interface SessionIdentity {
  readonly component: string;
  readonly id: string;
  /** The mount token: the first state token and the way to a new instance. */
  readonly ticket: string;
  readonly page: string;
}

/** What a session has to say: each becomes a DOM event of this name and, by default, a notice. */
export interface Told {
  readonly type: 'error' | 'outcome-unknown' | 'state-lost' | 'ended';
  readonly error: WireError;
  /** The refused event; the session is not at rest while it has none. */
  readonly event?: PendingEvent;
  /** Events nobody knows the outcome of; with `notSent` they were certainly not applied. */
  readonly events?: readonly PendingEvent[];
  readonly notSent?: boolean;
  /** Events that were accepted by an instance the server has lost. */
  readonly names?: readonly string[];
  /** The session tries again by itself. */
  readonly waiting?: boolean;
}

/** What a session asks of the page it lives in. */
export interface SessionPort {
  /** Something may be ready to be sent. */
  readonly ready: () => void;
  /**
   * HTML or a patch, if it is newer than what is shown, and effects; `cause` is the event it answers. False: what is shown
   * is not what the patch starts from.
   */
  readonly accept: (update: OkReply | UpdatePush, cause?: PendingEvent) => boolean;
  /** Puts the newly mounted component in place of the old one; nothing if the answer holds none. */
  replace(reply: OkReply): { readonly id: string; readonly ticket: string } | undefined;
  readonly tell: (what: Told) => void;
}

/** The ordered queue of one instance: numbers, what is shown, and the way back after each refusal. No DOM, no network. */
export interface Session {
  readonly id: string;
  /** Handle on the connection it has joined; none where the page itself holds the state. */
  readonly h?: number;
  /** Refuses at once, and visibly, what could not be kept or could never be accepted. */
  readonly add: (event: PendingEvent) => void;
  /** The next frame for this channel, if there is one to send now. */
  readonly next: (channel: Channel) => Frame | undefined;
  /** No reply: the connection ended before one came. */
  readonly answer: (frame: Frame, reply?: Reply) => void;
  /** @param connection on which it came */
  readonly push: (update: UpdatePush, connection?: number) => void;
  /** Asks for the present state, whatever was in flight. */
  readonly rejoin: () => void;
  /** Goes on after a pause, or after a refusal that only a person can judge. */
  readonly resume: () => void;
  /** The component has left the page. */
  readonly close: () => void;
}
