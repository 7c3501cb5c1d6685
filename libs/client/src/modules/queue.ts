import { putAttribute } from '../attributes.js';
import type { Component } from '../component-port.js';
import type { PendingEvent } from '../pending-event.js';
import { hear, install, originOf, within } from '../seam.js';
import { attributeOf, writeText } from '../unshadowed.js';

/** What is soon over is not shown. */
const VISIBLE_AFTER_MS = 300;
const PLACE = '[live-queued]';

type Concurrency = 'latest' | 'drop';

interface Waiting {
  /** When something began to wait, by the page's clock. */
  since: number;
  /** Names of the events without an outcome. */
  readonly underWay: string[];
  /** The newest event of each name that waits for the one under way. */
  readonly held: Map<string, PendingEvent>;
}

const superseded = (event: PendingEvent) =>
  event.settle({
    ok: false,
    error: { code: 'SUPERSEDED', message: 'A newer action took its place.', consumed: false },
  });

const concurrencyOf = ({ root }: Component, name: string): Concurrency | undefined =>
  (JSON.parse(attributeOf(root, 'live-concurrency') ?? '{}') as Record<string, Concurrency | undefined>)[name];

/** Keeps what a handler does not want twice at once, and shows how many events wait. */
install('queue', () => {
  const lines = new WeakMap<Component, Waiting>();
  let releasing = false;

  const lineOf = (component: Component): Waiting => {
    const line = lines.get(component) ?? { since: 0, underWay: [], held: new Map<string, PendingEvent>() };
    lines.set(component, line);
    return line;
  };

  const show = (component: Component) => {
    const { since, underWay, held } = lineOf(component);
    const count = performance.now() - since < VISIBLE_AFTER_MS ? 0 : underWay.length + held.size;
    for (const place of within(component, PLACE)) {
      const text = count ? String(count) : '';
      writeText(place, text);
      putAttribute(place, 'hidden', count ? undefined : '');
    }
  };

  /** Queues what was held, in the order it was asked for. */
  const release = (component: Component) => {
    const { held } = lineOf(component);
    for (const [name, event] of [...held]) {
      held.delete(name);
      releasing = true;
      void component.call(name, event.payload, originOf(event)).then(event.settle);
      releasing = false;
    }
  };

  hear(
    'call',
    ({ component, event }, heard) => {
      if (heard.defaultPrevented) return;
      const line = lineOf(component);
      const { underWay, held } = line;
      const name = event.event;
      const concurrency = concurrencyOf(component, name);
      if (concurrency && !releasing && underWay.includes(name)) {
        heard.preventDefault();
        if (concurrency === 'drop') return superseded(event);
        const older = held.get(name);
        held.delete(name);
        held.set(name, event);
        if (older) superseded(older);
        return show(component);
      }
      // Whatever comes after what is held also goes after it.
      if (!releasing) release(component);
      if (!underWay.length) line.since = performance.now();
      underWay.push(name);
      const { settle } = event;
      event.settle = (reply) => {
        underWay.splice(underWay.indexOf(name), 1);
        settle(reply);
        if (!underWay.includes(name) && held.has(name)) release(component);
        show(component);
      };
      setTimeout(show, VISIBLE_AFTER_MS + 10, component);
    },
    'gate',
  );

  hear('updated', ({ component }) => show(component));
});
