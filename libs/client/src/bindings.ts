import type { Component } from './component-port.js';
import { delayOf, hasKeys, parseDirective, type Directive } from './directive.js';
import { hearBy } from './listening.js';
import { isOfPatch } from './patching.js';
import { parts } from './parts.js';
import { readEvent } from './payload.js';
import { closest, invoke, property } from './unshadowed.js';

/** What was really clicked or entered: to the document, all in a shadow tree is its host. */
const targetOf = (event: Event): Element => event.composedPath()[0] as Element;

/** A click that asks the browser for a tab or a window of its own. */
const opensElsewhere = ({ type, ctrlKey, metaKey, shiftKey }: MouseEvent, target: Element): boolean =>
  type === 'click' && (ctrlKey || metaKey || shiftKey) && !!closest(target, 'a[href]');

/** Listens once per event type on the document, and finds element, component and instruction when the event happens. */
export const bind = (componentOf: (element: Element) => Component | undefined): void => {
  /** When an instruction last fired, by the clock of its events. By name: WebKit makes its `Attr` anew. */
  const fired = new WeakMap<Element, Record<string, number>>();

  /** False when this is not an event the element listens for after all. */
  const fire = (event: Event, attribute: Attr, directive: Directive): boolean => {
    const element = attribute.ownerElement as HTMLButtonElement;
    const { type, modifiers } = directive;
    const { timeStamp } = event;
    const target = targetOf(event);
    const has = (modifier: string) => modifiers.includes(modifier);
    if (has('self') && target !== element) return false;
    if ('key' in event && ((event as KeyboardEvent).isComposing || !hasKeys(directive, event as KeyboardEvent)))
      return false;
    const click = type === 'click';
    const submit = type === 'submit';
    // A click on a label is followed by one on its control; only the second counts where both would be heard.
    const control = click && (closest(target, 'label') as HTMLLabelElement | null)?.control;
    if (control && invoke(element, 'contains', control) && !invoke(control, 'contains', target)) return true;
    // A button that says itself what happens does not also submit its form.
    const submits =
      click && invoke(element, 'matches', 'button,input') && element.form && /submit|image/.test(element.type);
    if (submits || submit || has('prevent')) event.preventDefault();
    if (has('stop')) event.stopPropagation();
    const component = componentOf(element);
    const rest = has('once') ? Infinity : (delayOf(directive, 'throttle') ?? 0);
    const times = fired.get(element) ?? {};
    if (!component || timeStamp - (times[attribute.name] ?? -Infinity) < rest) return true;
    fired.set(element, { ...times, [attribute.name]: timeStamp });

    const { payload, sentValues } = readEvent(element, event);
    const isTyping = /^(input|key)/.test(type);
    const from = { trigger: (event as SubmitEvent).submitter ?? element, sentValues, submit, isTyping };
    const call = () => void component.call(attribute.value, payload, from);
    component.delays.later(attribute, delayOf(directive, 'debounce'), call);
    return true;
  };

  hearBy((event) => {
    if (isOfPatch(event)) return;
    const path = event.composedPath();
    const target = targetOf(event);
    parts.edited?.(event, target, componentOf);
    if (opensElsewhere(event as MouseEvent, target)) return;
    // Like a link inside a card: the innermost element that listens takes the event.
    for (const element of event.bubbles ? path : path.slice(0, 1)) {
      if (!(element instanceof Element)) continue;
      for (const attribute of [...property(element, 'attributes')]) {
        const directive = parseDirective(attribute.name);
        if (directive?.type === event.type && fire(event, attribute, directive)) return;
      }
    }
  });
};
