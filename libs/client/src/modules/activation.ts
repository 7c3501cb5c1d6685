import type { Component } from '../component-port.js';
import { componentAround, install } from '../seam.js';
import { closest, property } from '../unshadowed.js';

/** Whoever presses again within this time has not seen yet what the answer has changed. */
const SEEN_MS = 500;

interface Activation {
  readonly component: Component;
  readonly element: Element | null;
  /** What it said then that it does. */
  readonly meaning: string;
  readonly at: number;
}

/** What a click there does: the instructions and the address of its element. */
const meaningOf = (element: Element | null): string =>
  Array.from(element ? property(element, 'attributes') : [], ({ name, value }) => `${name}=${value}`)
    .filter((text) => /^(live-(click|value-|payload)|href|name|value|form)/.test(text))
    .join(' ');

/**
 * One activation never becomes another: the second click of a double click that lands on what the answer to the first has put
 * there, or a second press of Enter on a button that the answer has made another one of, is none.
 */
install('activation', () => {
  let last: Activation | undefined;
  addEventListener(
    'click',
    (event) => {
      const { detail, timeStamp: at } = event;
      const target = event.composedPath()[0];
      const component = target instanceof Element && componentAround(target);
      if (!component) return;
      const element = closest(target, 'a,button,input,select,textarea,summary,label,[live-click]');
      const meaning = meaningOf(element);
      const before = last;
      const isAgain = before && (detail > 1 || (!detail && before.element === element && at - before.at < SEEN_MS));
      // Made anew by a re-mount, it still is the same deed of the same component.
      if (isAgain && (before.component !== component || before.meaning !== meaning)) {
        event.preventDefault();
        event.stopImmediatePropagation();
      } else last = { component, element, meaning, at };
    },
    true,
  );
});
