import type { Component, Edit } from '../component.js';
import { controlValue, isControl, write, type Control, type ControlValue } from '../control.js';
import { hear, install, within } from '../seam.js';
import { attributeOf } from '../unshadowed.js';

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

  const watched = (component: Component): Watched => {
    const known = components.get(component) ?? { sent: new Map<string, Edit>(), before: [] };
    components.set(component, known);
    return known;
  };

  const idOf = ({ root }: Component) => attributeOf(root, 'live-id');

  addEventListener('input', ({ target, isTrusted }) => isTrusted && typed.add(target as Node), true);

  hear('call', ({ component }) => {
    for (const [field, edit] of component.edits) watched(component).sent.set(field, edit);
  });

  hear('patch', ({ component }) => {
    const about = watched(component);
    const controls: readonly Node[] = within(component, 'input,textarea,select').filter((node) => typed.has(node));
    about.id = idOf(component);
    about.before = controls.filter(isControl).map((control) => {
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
        if (from != null) (control as HTMLInputElement).setSelectionRange(from, to);
        if (field && !component.edits.has(field)) component.edits.set(field, sent.get(field)!);
      } else if (controlValue(control) !== value) typed.delete(control);
    }
  });
});
