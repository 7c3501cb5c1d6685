import { putAttribute } from '../attributes.js';
import type { Component } from '../component-port.js';
import { createForecasts } from '../forecast.js';
import type { PendingEvent } from '../pending-event.js';
import { changed, type Shown } from '../prediction.js';
import { hear, install, originOf, within } from '../seam.js';
import { attributeOf, closest, invoke, property, writeText } from '../unshadowed.js';

const TRIGGER = 'live-optimistic';
const HINTS = 'live-optimistic-events';
const PLACE = /^live-shows:([\w-]+)(?:\.(.+))?$/;

interface Prediction {
  readonly event: PendingEvent;
  /** By field. */
  readonly changes: Readonly<Record<string, unknown>>;
  /** The row of a list that the trigger stands in. */
  readonly row: Element | null;
}

/** One thing an element shows of a field. */
interface Place {
  readonly element: HTMLElement;
  /** `text`, `class`, `checked`, `value`, or the name of an attribute. */
  readonly what: string;
  /** Of a class. */
  readonly name: string;
  readonly isNegated: boolean;
}

const isProperty = (what: string): boolean => /^(checked|value)$/.test(what);

/** `aria-pressed` and the like are words; `hidden` is there or not. */
const isWord = (what: string): boolean => what.includes('-');

const read = ({ element, what, name }: Place): Shown => {
  if (what === 'text') return property(element, 'textContent');
  if (what === 'class') return property(element, 'classList').contains(name);
  if (isProperty(what)) return (element as unknown as Record<string, Shown>)[what];
  const text = attributeOf(element, what);
  return text === '' && !isWord(what) ? true : text;
};

const write = ({ element, what, name }: Place, value: Shown): void => {
  const only = property(element, 'firstChild');
  if (what === 'text') {
    // The same text node: it is the one the next patch compares.
    if (only instanceof Text && !only.nextSibling) only.data = String(value);
    else writeText(element, String(value));
  } else if (what === 'class') property(element, 'classList').toggle(name, !!value);
  else if (isProperty(what)) (element as unknown as Record<string, Shown>)[what] = value;
  else {
    const isGone = value === null || (!value && !isWord(what));
    putAttribute(element, what, isGone ? undefined : value === true && !isWord(what) ? '' : String(value));
  }
};

/** Elements that hold more than text, and what somebody is typing into, are left alone. */
const isTaken = ({ element, what }: Place): boolean =>
  what === 'text'
    ? !!property(element, 'firstElementChild')
    : what === 'value' && element === property(document, 'activeElement');

const rowOf = ({ root }: Component, element?: Element | null): Element | null => {
  const row = element && closest(element, '[live-key]');
  return row && row !== root && invoke(root, 'contains', row) ? row : null;
};

/** In the row of the trigger if it shows the field, else in the component outside of rows. */
const placesOf = (component: Component, field: string, row: Element | null): readonly Place[] => {
  const places: Place[] = [];
  for (const element of within(component, '*')) {
    for (const { name: attribute, value } of property(element, 'attributes')) {
      const [, what, name = ''] = PLACE.exec(attribute) ?? [];
      if (what && value.replace('!', '') === field) places.push({ element, what, name, isNegated: value[0] === '!' });
    }
  }
  const near = places.filter(({ element }) => row && invoke(row, 'contains', element));
  return near.length ? near : places.filter(({ element }) => !rowOf(component, element));
};

const parse = (json?: string | null): Readonly<Record<string, object | undefined>> => {
  try {
    return JSON.parse(json || '{}') as Record<string, object>;
  } catch {
    console.error('[live] not JSON:', json);
    return {};
  }
};

/** Shows what an event will probably do, before the server has said it; never sends it, always takes it back. */
install('optimistic', () => {
  const forecasts = createForecasts<Component, Prediction>((component, { changes, row }) => {
    const undo: (() => void)[] = [];
    for (const [field, change] of Object.entries(changes)) {
      for (const place of placesOf(component, field, row)) {
        const before = read(place);
        const after = isTaken(place) ? undefined : changed(before, change, place.isNegated);
        if (after === undefined) continue;
        write(place, after);
        const shown = read(place);
        undo.push(() => {
          // What somebody else has changed meanwhile is theirs.
          if (read(place) === shown) write(place, before);
        });
      }
    }
    return undo;
  });

  hear('call', ({ component, event }, heard) => {
    if (heard.defaultPrevented) return;
    const { trigger, submit } = originOf(event);
    const source = submit && trigger && attributeOf(trigger, TRIGGER) === null ? closest(trigger, 'form') : trigger;
    const hints = parse(attributeOf(component.root, HINTS))[event.event];
    const changes = { ...hints, ...parse(source && attributeOf(source, TRIGGER)) };
    const prediction = { event, changes, row: rowOf(component, trigger) };
    if (!Object.keys(changes).length || !forecasts.add(component, prediction)) return;
    const { settle } = event;
    event.settle = (reply) => {
      forecasts.drop(component, prediction);
      settle(reply);
    };
  });

  // The server's answer is patched into what the server has rendered, not into what was guessed.
  hear('patch', ({ component, update }) => {
    forecasts.retract(component, (update as { readonly seq?: number }).seq);
    if (!update.html && !update.patch) forecasts.restore(component);
  });

  hear('updated', ({ component }) => forecasts.restore(component));
});
