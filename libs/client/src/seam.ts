import type { Component, Origin } from './component-port.js';
import { IGNORED } from './patching.js';
import type { PendingEvent } from './pending-event.js';
import { publishedClient } from './published-client.js';
import type { Told } from './session-port.js';
import { closest, invoke, queryAll } from './unshadowed.js';
import type { Shown } from './wire.js';

/**
 * What a module of the client hears: DOM events of the core, so that neither knows the other and each loads when it
 * likes. `live:call`: an event is about to be queued; whoever prevents it has it, and settles it. `live:patch`: the page
 * is about to show what the server sent. `live:updated`: it does. `live:error`: a refusal.
 */
export interface Heard {
  readonly call: { readonly component: Component; readonly event: PendingEvent };
  readonly patch: { readonly component: Component; readonly update: Shown };
  readonly updated: { readonly component: Component };
  readonly error: Told & {
    readonly component: Component;
    /** What its notice says of each field; whoever knows better words may put them here. */
    details: readonly string[];
  };
}

/** Gates listen while the event comes down to the component, those that only watch when it has come up again. */
export const hear = <Type extends keyof Heard>(
  type: Type,
  listener: (detail: Heard[Type], event: Event) => void,
  phase?: 'gate',
): void =>
  window.addEventListener(
    `live:${type}`,
    (event) => listener((event as CustomEvent<Heard[Type]>).detail, event),
    !!phase,
  );

/** Begins a module once per page, however many copies of its script there are; on a server it does nothing. */
export const install = (name: string, begin: () => void): void => {
  if (!globalThis.window) return;
  const key = Symbol.for(`nest-live.${name}`);
  const installed = window as unknown as Record<symbol, true | undefined>;
  if (!installed[key]) begin();
  installed[key] = true;
};

/** Makes an event of the browser nobody's: no handler of a template hears it. */
export const ignore = (event: Event & { [IGNORED]?: true }): void => {
  event[IGNORED] = true;
};

export const originOf = ({ source }: PendingEvent): Origin => source ?? {};

/** The component whose root is nearest around the element. */
export const componentAround = (element: Element | null): Component | undefined => {
  const root = element && closest(element, '[live-id]');
  return publishedClient()?.components.find((component) => component.root === root);
};

/** Elements of this component, not of one inside it. */
export const within = ({ root }: Component, selector: string): readonly HTMLElement[] =>
  [root, ...queryAll(root, selector)].filter(
    (element) => invoke(element, 'matches', selector) && closest(element, '[live-id]') === root,
  );
