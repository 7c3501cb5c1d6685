import type { Component } from './component-port.js';
import type { Session } from './session-port.js';

/** One page life: its components, its connection, and what the page shows about it. */
export interface Page {
  /** Made once per run of the script and kept only here: a reload or a duplicated tab is another life. */
  readonly life: string;
  readonly components: ReadonlyMap<Element, Component>;
  /** Finds the components, now and as they appear. */
  readonly start: () => void;
  /** Now instead of after the pause. */
  readonly connect: () => void;
  /** The component an element belongs to: that of the nearest root around it. */
  readonly of: (element: Element | null) => Component | undefined;
  /** The component's element has given way to another one. */
  readonly replaced: (old: Element, component: Component) => void;
  /** Says it on the socket, if there is one; nobody waits for the answer. */
  readonly tell: (name: 'leave' | 'cancel', session: Session, seq?: number) => void;
  /** Sends whatever may be sent now. */
  readonly pump: () => void;
}
