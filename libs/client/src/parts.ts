import type { PlacedChange, Places } from './change.js';
import type { Component } from './component-port.js';
import type { Control, ControlValue } from './control-value.js';
import type { Notices } from './notice.js';
import type { Told } from './session-port.js';
import type { ListOrder } from './wire.js';

/** What modules lend to the core, where a page needs it; without them it does the simpler thing. */
export interface Parts {
  /** Says what is not to be missed; `place` puts an element where it is read. */
  createNotices?: (place: (element: HTMLElement) => void) => Notices;
  /** Tells the page, and whoever looks at it, what a session has to say. */
  tell?: (what: Told, component: Component) => void;
  /** Whether it is one of these: no render touches it. */
  isNotice?: (node: Node) => boolean;
  /** Of nodes in their new order, those that stay where they are while the others move around them. */
  staying?: (kept: readonly Node[], olds: readonly Node[]) => ReadonlySet<Node>;
  /** Children in the order that the server says; nothing where they are not those that it knows. */
  arrange?: (
    places: Places,
    place: Omit<PlacedChange, 'list' | 'wanted'>,
    order: ListOrder,
    parse: (html: string) => DocumentFragment,
  ) => PlacedChange | undefined;
  /** Further signs of who an element without a name is, the surest first; the surer, the fewer have it. */
  signs?: readonly ((element: Element, nameOf: (element: Element) => string) => readonly string[])[];
  /** HTML for the place of an element, by what makes trusted HTML of a text. */
  parseAt?: (html: string, place: Element, trust: (html: string) => string) => DocumentFragment;
  /** What elements have beside their children, of both: a shadow root, the content of a template. */
  fragments?: (from: Element, to: Element) => readonly (readonly [DocumentFragment, DocumentFragment])[];
  /** Makes the attributes that an element has now those that the server rendered. */
  asRendered?: (element: Element, attributes: Map<string, string>) => void;
  /** Notes what was entered into a control that a field is bound to, before any instruction hears of it. */
  edited?: (event: Event, target: Element, componentOf: (element: Element) => Component | undefined) => void;
  /** Whether two controls are one choice. */
  isGroup?: (one: Control, other: Control) => boolean;
  /** Whether the server says what was typed, in other words. */
  isEcho?: (typed: ControlValue, value: ControlValue) => boolean;
}

/** Those of this page, however many scripts it has. */
export const parts: Parts = ((globalThis as Record<symbol, Parts>)[Symbol.for('nest-live.parts')] ??= {});
