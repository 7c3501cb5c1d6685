import {
  controlValue,
  isControl,
  isToggle,
  renderedValue,
  write,
  type Control,
  type ControlValue,
  type SentValues,
} from './control.js';
import { parts } from './parts.js';
import { queryAll } from './unshadowed.js';

/** The event that a render answers. */
export interface Cause {
  readonly sentValues: SentValues;
  /** A submit that was accepted: its form starts again from what the template says. */
  readonly clears?: boolean;
  /** Sent while somebody types, not because something was done. */
  readonly isTyping?: boolean;
}

/** What people have entered into the controls of a component, held while the component is patched. */
export interface Entries {
  /** Notes what the template says now, before the control and its options change. */
  readonly meet: (control: Control, to: Control) => void;
  /** Decides between the person and the server, control by control and choice by choice; of these, only what was said before was said. */
  readonly settle: (unsaid: readonly Element[]) => void;
}

interface Said {
  readonly value: ControlValue;
  /** Whether the template says what the control holds, rather than leaving it to the person. */
  readonly isBound: boolean;
}

/** What the server rendered last, as the browser shows it: where the value differs from it, a person has changed it. */
const shown = new WeakMap<Control, ControlValue>();

/** What the server has answered with the same in other words, and that was left as it was typed. */
const taken = new WeakMap<Control, ControlValue>();

const isBound = (control: Control): boolean =>
  isToggle(control) || control.matches('[value],[live-text],textarea:not(:empty),:has([selected])');

export const holdEntries = (root: Element, cause?: Cause): Entries => {
  const held = new Map<Control, ControlValue>();
  const entered = new Set<Control>();
  for (const node of [root, ...queryAll(root, 'input,textarea,select')]) {
    if (!isControl(node)) continue;
    const now = controlValue(node);
    held.set(node, now);
    if (now !== (shown.get(node) ?? renderedValue(node)) && now !== taken.get(node)) entered.add(node);
  }
  // One choice of a group is the choice of all.
  for (const one of entered) for (const other of held.keys()) if (parts.isGroup?.(one, other)) entered.add(other);

  const said = new Map<Control, Said>();

  const settle = (control: Control, { value, isBound }: Said) => {
    const now = held.get(control)!;
    const before = shown.get(control);
    shown.set(control, value);
    const isAnswered = cause?.sentValues.get(control) === now && (cause.clears || isBound);
    if (entered.has(control) && !isAnswered) {
      const group = [...said.keys()].filter((other) => parts.isGroup?.(control, other));
      const isOffered = !group.length || group.some((other) => held.get(other) && other.isConnected);
      if (isOffered) write(control, now);
      // What can be chosen no more gives way to what the template chooses.
      if (!isOffered || (control.type === 'select-one' && controlValue(control) !== now)) write(control, value);
    } else if (isAnswered && cause.isTyping && parts.isEcho?.(now, value)) {
      taken.set(control, now);
    } else if (now !== taken.get(control) || value !== before) write(control, value);
  };

  return {
    meet: (control, to) => said.set(control, { value: controlValue(to), isBound: isBound(to) }),
    settle(unsaid) {
      const isMeant = (control: Control) => cause || [...said.keys()].some((other) => parts.isGroup?.(control, other));
      const known = new Set(held.size ? unsaid : []);
      for (const control of held.keys())
        if (known.has(control) && !said.has(control) && isMeant(control))
          said.set(control, { value: shown.get(control) ?? renderedValue(control), isBound: isBound(control) });
      for (const [control, told] of said) settle(control, told);
    },
  };
};
