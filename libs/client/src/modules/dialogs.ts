import type { Component } from '../component-port.js';
import { parts } from '../parts.js';
import { hear, ignore, install, within } from '../seam.js';
import { invoke } from '../unshadowed.js';

type Opening = HTMLDialogElement | HTMLDetailsElement;

interface Before {
  readonly wasOpen: ReadonlySet<Opening>;
  readonly modal: readonly HTMLDialogElement[];
}

const openingsOf = (component: Component): readonly Opening[] =>
  within(component, 'dialog,details').filter(
    (element): element is Opening => element instanceof HTMLDialogElement || element instanceof HTMLDetailsElement,
  );

/** Dialogs and details open and close with the template: nobody is told that a person did it, and no page stays dead. */
install('dialogs', () => {
  const states = new WeakMap<Component, Before>();
  /** What the browser still has to say of them was done by a patch. */
  const changed = new Map<Opening, Set<string>>();

  const { asRendered } = parts;
  parts.asRendered = (element, attributes) => {
    asRendered?.(element, attributes);
    // Only a script can have opened it so.
    if (invoke(element, 'matches', 'dialog:modal')) attributes.delete('open');
  };

  hear('patch', ({ component }) => {
    const openings = openingsOf(component);
    const modal = openings.filter(
      (element): element is HTMLDialogElement =>
        element instanceof HTMLDialogElement && invoke(element as Element, 'matches', ':modal'),
    );
    states.set(component, { wasOpen: new Set(openings.filter(({ open }) => open)), modal });
  });

  hear('updated', ({ component }) => {
    const { wasOpen, modal } = states.get(component)!;
    for (const element of openingsOf(component)) {
      if (element.open === wasOpen.has(element)) continue;
      changed.set(element, new Set(['toggle', 'close']));
      // Without its attribute it is out of sight, and still the only part of the page that can be used.
      if (modal.includes(element as HTMLDialogElement)) {
        element.open = true;
        (element as HTMLDialogElement).close();
      }
    }
  });

  for (const type of ['toggle', 'close']) {
    addEventListener(type, (event) => changed.get(event.target as Opening)?.delete(type) && ignore(event), true);
  }
});
