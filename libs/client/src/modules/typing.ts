import type { Component } from '../component-port.js';
import { controlValue, isControl, renderedValue, write, type Control, type ControlValue } from '../control.js';
import { carryEdits, editsOf, isHalfTyped, modelsOf, noteModel, valueFor, type Edit } from '../model.js';
import { parts } from '../parts.js';
import { renameParts } from '../renamed-parts.js';
import { componentAround, hear, install, within } from '../seam.js';
import { attributeOf, property } from '../unshadowed.js';

/** What a control held before the page showed something else. */
interface Before {
  readonly control: Control;
  readonly value: ControlValue;
  readonly from: number | null;
  readonly to: number | null;
}

interface Watched {
  /** The newest edits that went to the server, by field. */
  readonly sent: Map<string, Edit>;
  /** What the component was called before it was shown again. */
  id?: string | null;
  before: readonly Before[];
}

/**
 * A server that has forgotten an instance knows nothing of what was typed into it: the component is mounted anew, and
 * what a person had entered is put back and goes to the server with the next event.
 */
install('typing', () => {
  /** Controls that a person has changed, and the server has not since. */
  const typed = new WeakSet<Node>();
  const components = new WeakMap<Component, Watched>();
  /** Components of which an event was sent. */
  const begun = new WeakSet<Component>();

  const watched = (component: Component): Watched => {
    const known = components.get(component) ?? { sent: new Map<string, Edit>(), before: [] };
    components.set(component, known);
    return known;
  };

  parts.edited = noteModel;

  const idOf = ({ root }: Component) => attributeOf(root, 'live-id');

  addEventListener('input', ({ target, isTrusted }) => isTrusted && typed.add(target as Node), true);

  /** What was entered before the script ran, or given back by the browser, goes with the next event like all that is entered. */
  const readModels = (component: Component) => {
    const edits = editsOf(component);
    for (const element of within(component, 'input,select,textarea')) {
      const control = element as HTMLInputElement;
      if (!isControl(element) || isHalfTyped(control) || controlValue(control) === renderedValue(control)) continue;
      for (const [directive, field] of modelsOf(control))
        if (!edits.has(field)) edits.set(field, { control, value: valueFor(control, directive) });
    }
  };

  addEventListener('reset', (event) => {
    // The event comes before the controls have their first values again.
    setTimeout(() => {
      for (const control of event.defaultPrevented ? [] : property(event.target as HTMLFormElement, 'elements'))
        noteModel({ type: 'change' }, control, componentAround);
    });
  });

  hear('call', ({ component, event }, heard) => {
    if (heard.defaultPrevented) return;
    if (!begun.has(component)) readModels(component);
    begun.add(component);
    for (const [field, edit] of editsOf(component)) watched(component).sent.set(field, edit);
    carryEdits(component, event);
  });

  hear('patch', ({ component, update }) => {
    renameParts(component.root, update.html ?? '');
    const about = watched(component);
    const controls: readonly Node[] = within(component, 'input,textarea,select');
    about.id = idOf(component);
    const isTyped = (control: Control) => typed.has(control) || controlValue(control) !== renderedValue(control);
    about.before = controls
      .filter(isControl)
      .filter(isTyped)
      .map((control) => {
        const { selectionStart: from, selectionEnd: to } = control as HTMLInputElement;
        return { control, value: controlValue(control), from, to };
      });
  });

  hear('updated', ({ component }) => {
    const { id, sent, before } = watched(component);
    const isNew = id !== idOf(component);
    for (const { control, value, from, to } of before) {
      const field = [...sent.keys()].find((name) => sent.get(name)!.control === control);
      if (isNew && (field || control.form)) {
        write(control, value);
        // A select has none, and not every input has one.
        if (from != null && control === property(document, 'activeElement'))
          (control as HTMLInputElement).setSelectionRange(from, to);
        if (field && !editsOf(component).has(field)) editsOf(component).set(field, sent.get(field)!);
      } else if (controlValue(control) !== value) typed.delete(control);
    }
  });
});
