import { choicesOf, controlValue, isControl, type Control, type ControlValue, type SentValues } from './control.js';
import { attributeOf, closest, property, queryAll } from './unshadowed.js';

type Payload = Record<string, unknown>;

/** The value of one control, as its event carries it: checkboxes are booleans, multiple selects are lists. */
export const valueOf = (control: Element): unknown => {
  const { type, checked, value } = control as HTMLInputElement;
  return type === 'checkbox' ? checked : (choicesOf(control as Control) ?? value);
};

/**
 * Fields of a form. A name that several boxes or a multiple select share is a list, a single checkbox without a value
 * of its own is a boolean, other names that repeat become lists; files are left out, and so is what a page's form says to
 * the server where no script runs (`$…`).
 */
const addFields = (payload: Payload, form: HTMLFormElement, submitter?: HTMLElement | null): void => {
  const data = new FormData(form, submitter);
  for (const [name, value] of data) {
    if (typeof value === 'string' && name[0] !== '$')
      payload[name] = data.getAll(name).length > 1 ? data.getAll(name) : value;
  }
  const elements = property(form, 'elements');
  const lists = ([...elements] as HTMLInputElement[]).filter(
    ({ name, type }) => name && name[0] !== '$' && /^checkbox$|multiple$/.test(type),
  );
  for (const control of lists) {
    const { name, type, checked, attributes } = control;
    // A disabled fieldset disables what is in it, but for its first legend.
    if (control.matches(':disabled')) continue;
    const isGroup = /m/.test(type) || lists.some((other) => other !== control && other.name === name);
    if (isGroup) payload[name] = data.getAll(name);
    else if (!('value' in attributes)) payload[name] = checked;
  }
};

/** What goes along with an event. */
export interface Carried {
  /** Nothing rather than `{}`. */
  readonly payload?: Payload;
  /** The controls whose values it holds, as they are now. */
  readonly sentValues?: SentValues;
}

/**
 * What the element says (`live-value-user-id="7"` is `{ userId: '7' }`, `live-payload` is JSON) and what the person
 * entered into it.
 */
export const readEvent = (element: Element, event: Event): Carried => {
  const payload = Object.create(null) as Payload;
  // eslint-disable-next-line no-restricted-syntax -- it has no prototype to reach, and the template wrote the data
  Object.assign(payload, JSON.parse(attributeOf(element, 'live-payload') ?? '{}'));
  for (const { name, value } of property(element, 'attributes')) {
    const [, argument] = /^live-value-(.+)/.exec(name) ?? [];
    if (argument) payload[argument.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())] = value;
  }
  const { type, target } = event;
  let source: Element | undefined;
  if (element instanceof HTMLFormElement) {
    source = element;
    addFields(payload, element, (event as SubmitEvent).submitter);
  } else if (/^(input|change|key)/.test(type) && isControl(target as Node)) {
    source = target as HTMLInputElement;
    payload.value = valueOf(source);
    payload.name = (source as HTMLInputElement).name || undefined;
  }
  if ('key' in event) payload.key = event.key;
  return {
    payload: Object.keys(payload).length ? payload : undefined,
    sentValues: source && addValues(new Map(), source),
  };
};

/** Adds the controls whose values go along with an event of this one (or of this form), as they are now. */
export const addValues = (values: Map<Element, ControlValue>, control: Element): typeof values => {
  const form = control instanceof HTMLFormElement;
  const { name } = control as HTMLInputElement;
  const others = form ? property(control, 'elements') : queryAll(closest(control, '[live-id]')!, '[name]');
  for (const other of [control, ...others]) {
    // Radio buttons of one name are one value.
    const same = form || other === control || (other as HTMLInputElement).name === name;
    if (same && isControl(other)) values.set(other, controlValue(other));
  }
  return values;
};
