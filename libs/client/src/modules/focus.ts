import { putAttribute } from '../attributes.js';
import type { Component } from '../component-port.js';
import { hear, install } from '../seam.js';
import { attributeOf, closest, invoke, property, queryAll } from '../unshadowed.js';

/** A step of the way from the focused element up to the component, and its place among its siblings. */
interface Step {
  readonly element: Element;
  readonly place: number;
}

interface Held {
  readonly focused: Element;
  readonly way: readonly Step[];
  /** The id that the template names as the place to go to. */
  readonly named: string;
  /** What had asked for the focus before. */
  readonly asked: readonly Element[];
}

const NEXT = 'live-focus-next';
const ACTS = 'a,button,input,select,textarea,summary,[live-click]';

const childrenOf = (element: Element): readonly Element[] => [...property(element, 'children')];

const focus = (element: Element): void => invoke(element as HTMLElement, 'focus', { preventScroll: true });

const canHold = (element: Element): boolean =>
  property(element, 'isConnected') && !invoke(element, 'matches', ':disabled') && !closest(element, '[hidden],[inert]');

/** Nothing where the focus is elsewhere. */
const hold = ({ root }: Component): Held | undefined => {
  const focused = property(document, 'activeElement');
  if (!focused || !invoke(root, 'contains', focused)) return;
  const way: Step[] = [];
  for (let element = focused; ;) {
    const parent = property(element, 'parentElement')!;
    way.push({ element, place: childrenOf(parent).indexOf(element) });
    if (element === root) break;
    element = parent;
  }
  const named = attributeOf(closest(focused, `[${NEXT}]`) ?? focused, NEXT) ?? '';
  return { focused, way, named, asked: queryAll(root, '[autofocus]') };
};

/**
 * What stands where the lost element stood: the next one of its kind, else the one before, else what they are in. Never
 * something that acts: who presses Enter again must not do what nobody has chosen.
 */
const successorOf = (way: readonly Step[], root: Element): Element => {
  const at = way.findIndex(({ element }, index) => index > 0 && canHold(element));
  if (at < 0) return root;
  const { element: parent } = way[at];
  const { element: lost, place } = way[at - 1];
  const isLike = (one: Element) =>
    one !== lost &&
    property(one, 'nodeName') === property(lost, 'nodeName') &&
    canHold(one) &&
    !invoke(one, 'matches', ACTS);
  const children = childrenOf(parent);
  return [...children.slice(place), ...children.slice(0, place).reverse()].find(isLike) ?? parent;
};

/** What waiting disabled, or what is in it: the browser takes the focus from it. */
const WAITS = '[live-loading\\.attr]';

/** When a patch takes the focused element away or makes it useless, the focus goes on from its place, not from the top. */
install('focus', () => {
  const held = new WeakMap<Component, Held>();

  hear('patch', ({ component }) => {
    const now = hold(component);
    if (now) held.set(component, now);
    else held.delete(component);
  });

  /** Nothing where a person has gone on by himself. */
  const goOn = ({ root }: Component, before: Held) => {
    const active = property(document, 'activeElement');
    if (active && active !== before.focused && active !== property(document, 'body')) return;
    if (canHold(before.focused)) {
      // Moved by a browser that cannot keep the focus while moving; the caret stays with the element.
      if (active !== before.focused) focus(before.focused);
      return;
    }
    const place =
      invoke(document, 'getElementById', before.named) ??
      queryAll(root, '[autofocus]').find((element) => !before.asked.includes(element));
    const next = place && canHold(place) ? place : successorOf(before.way, root);
    focus(next);
    if (property(document, 'activeElement') === next) return;
    // Also what cannot have the focus by itself.
    putAttribute(next, 'tabindex', '-1');
    focus(next);
  };

  hear('updated', ({ component }) => {
    const before = held.get(component);
    // What only waits has its turn when its event is settled.
    if (before && !closest(before.focused, `.live-loading ${WAITS}`)) goOn(component, before);
  });

  hear('call', ({ component, event }) => {
    const before = hold(component);
    if (!before || !closest(before.focused, WAITS)) return;
    const { settle } = event;
    event.settle = (reply) => {
      settle(reply);
      goOn(component, before);
    };
  });
});
