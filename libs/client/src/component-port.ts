import type { SentValues } from './control-value.js';
import type { Delays } from './delays.js';
import type { Notices } from './notice.js';
import type { Session } from './session-port.js';
import type { Reply, Shown } from './wire.js';

/** Where an event comes from, for the render that answers it. */
export interface Origin {
  readonly trigger?: Element;
  readonly sentValues?: SentValues;
  /** A submit: an accepted answer empties its form. */
  readonly submit?: boolean;
  /** Somebody is typing, and goes on. */
  readonly isTyping?: boolean;
}

/** A live root in the page: its session below, its element above. */
export interface Component {
  readonly root: HTMLElement;
  /** @internal */
  readonly session: Session;
  /** @internal What is not to be missed, beside the element. */
  readonly notices?: Notices;
  /** @internal */
  readonly delays: Delays;
  /** Sends an event; edits and delayed events go before it, so that the server never acts on older values. */
  readonly call: (event: string, payload?: unknown, from?: Origin) => Promise<Reply>;
  /** @internal Patches the element, whatever the session knows. */
  readonly show: (update: Shown) => boolean;
  /** @internal Asks the server to stop the event with this number. */
  readonly cancel: (seq: number) => void;
  /** @internal */
  readonly close: () => void;
}
