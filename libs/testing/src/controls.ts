import { browserValue } from 'nest-live/extend';

import { excerpt } from './excerpt.js';
import { controlsOf as controlsIn, formEntries, isDisabled, isSubmitter } from './form-entries.js';
import type { Screen, ShownControl, ShownElement, ShownForm, Text } from './screen.js';

export type Entered = Readonly<Record<string, unknown>>;

/** What a page would send. */
export interface Spoken {
  readonly event: string;
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly fields?: Readonly<Record<string, unknown>>;
}

type Values = Record<string, unknown>;

/** What a person presses, likeliest first. */
const PRESSABLE = ['button', 'link', 'menuitem', 'tab', 'checkbox', 'radio', 'switch', 'option', 'menuitemcheckbox'];

const CONTROLS = 'input,textarea,select';

/** Presses a control: its own event, or its form's. @throws Error saying what was looked for and what there is */
export const readClick = (
  screen: Screen,
  entered: Entered,
  { owner, name }: { readonly owner: string; readonly name: Text },
): Spoken => {
  const element = pressable(screen, name, owner);
  const fields = enter(screen, entered, { owner, within: screen.root });
  if (isDisabled(element)) {
    throw new Error(`${owner}: ${said(name)} is disabled. ${excerpt(element.outerHTML)}`);
  }
  const listening = upwards(element).find((one) => directiveOf(one, 'click') !== undefined);
  if (listening) {
    return { event: directiveOf(listening, 'click') ?? '', payload: payloadOf(listening), fields };
  }
  const { form, type } = element as ShownControl;
  const event = form && /^(submit|image)$/.test(type) ? directiveOf(form, 'submit') : undefined;
  if (form && event !== undefined) {
    return { event, payload: payloadOf(form, formValues(form, element)), fields };
  }
  throw new Error(
    `${owner}: ${said(name)} has no live-click, and submits no form with live-submit. ${showing(screen)}`,
  );
};

/** Submits a form. @throws Error saying what was looked for and what there is */
export const readSubmit = (
  screen: Screen,
  entered: Entered,
  { owner, form: name }: { readonly owner: string; readonly form?: Text },
): Spoken => {
  const form = onlyForm(screen, name, owner);
  const fields = enter(screen, entered, { owner, within: form });
  const submitter = controlsIn(form).find(isSubmitter);
  const payload = payloadOf(form, formValues(form, submitter));
  return { event: directiveOf(form, 'submit') ?? '', payload, fields };
};

const pressable = (screen: Screen, name: Text, owner: string): ShownElement => {
  for (const role of PRESSABLE) {
    const [first, second] = screen.queryAllByRole(role, { name });
    if (first && second) {
      throw new Error(`${owner} has more than one ${role} named ${said(name)}. ${showing(screen)}`);
    }
    if (first) {
      return first;
    }
  }
  const listed = PRESSABLE.flatMap((role) => screen.queryAllByRole(role).map((one) => `${role} "${nameOf(one)}"`)).join(
    ', ',
  );
  throw new Error(
    `${owner} has nothing to press named ${said(name)}; it has ${listed || 'nothing'}. ${showing(screen)}`,
  );
};

const onlyForm = (screen: Screen, name: Text | undefined, owner: string): ShownForm => {
  const forms = [...screen.root.querySelectorAll('form'), ...(screen.root.matches('form') ? [screen.root] : [])]
    .filter((form) => directiveOf(form, 'submit') !== undefined)
    .filter((form) => name === undefined || isNamed(screen, form, name)) as ShownForm[];
  const [form, second] = forms;
  if (form && !second) {
    return form;
  }
  const what = name === undefined ? 'with live-submit' : `named ${said(name)} with live-submit`;
  const count = form ? `${forms.length} forms ${what}: say which, submit('name')` : `no form ${what}`;
  throw new Error(`${owner} has ${count}. ${showing(screen)}`);
};

const isNamed = (screen: Screen, form: ShownElement, name: Text): boolean =>
  form.getAttribute('name') === name || screen.queryAllByRole('form', { name }).includes(form);

/** Writes into the controls. @returns what goes along as fields: the values of `live-model` controls */
const enter = (
  screen: Screen,
  entered: Entered,
  { owner, within }: { readonly owner: string; readonly within: ShownElement },
): Spoken['fields'] => {
  const fields: Values = {};
  for (const [name, value] of Object.entries(entered)) {
    const controls = controlsOf(screen, name, within);
    const [control] = controls;
    if (!control) {
      const names = [...within.querySelectorAll(CONTROLS)].map((one) => keyOf(one)).filter((one) => one !== '');
      const known = names.join(', ') || 'none';
      throw new Error(`${owner} has no control named "${name}"; it has: ${known}. ${showing(screen)}`);
    }
    controls.forEach((one) => write(one, value));
    const model = modelOf(control);
    if (model) {
      fields[model.field] = model.convert(value);
    }
  }
  return Object.keys(fields).length > 0 ? fields : undefined;
};

const controlsOf = (screen: Screen, name: string, within: ShownElement): readonly ShownControl[] => {
  const all = [...within.querySelectorAll(CONTROLS)] as ShownControl[];
  const named = all.filter((one) => one.name === name || modelOf(one)?.field === name);
  return named.length > 0 ? named : all.filter((one) => screen.queryAllByLabelText(name).includes(one));
};

const write = (control: ShownControl, value: unknown): void => {
  const chosen = (Array.isArray(value) ? value : [value]).map(String);
  if (control.type === 'checkbox') {
    control.checked = typeof value === 'boolean' ? value : chosen.includes(control.value);
  } else if (control.type === 'radio') {
    control.checked = chosen.includes(control.value);
  } else if (control.options) {
    for (const option of control.options) {
      option.selected = chosen.includes(option.value);
    }
  } else {
    control.value = browserValue(control, value === null || value === undefined ? '' : (chosen[0] ?? ''));
  }
};

/** `live-model.number="amount"`: the field, and what the browser makes of an entered text. */
const modelOf = (
  control: ShownElement,
): { readonly field: string; readonly convert: (value: unknown) => unknown } | undefined => {
  for (const { name, value: field } of control.attributes) {
    const [type, ...modifiers] = name.split('.');
    if (type !== 'live-model') continue;
    const convert = (entered: unknown): unknown => {
      if (typeof entered !== 'string') return entered;
      if (modifiers.includes('number')) return entered === '' ? null : Number(entered);
      return modifiers.includes('boolean') ? entered.includes('true') : entered;
    };
    return { field, convert };
  }
  return undefined;
};

/** The event that an element sends for this type of DOM event. */
const directiveOf = (element: ShownElement, type: string): string | undefined =>
  [...element.attributes].find(({ name }) => name === `live-${type}` || name.startsWith(`live-${type}.`))?.value;

/** What the element says, and what was entered into it. */
const payloadOf = (element: ShownElement, entered: Values = {}): Spoken['payload'] => {
  const payload: Values = { ...(JSON.parse(element.getAttribute('live-payload') ?? '{}') as Values) };
  for (const { name, value } of element.attributes) {
    const [, argument] = /^live-value-(.+)/.exec(name) ?? [];
    if (argument) {
      payload[argument.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())] = value;
    }
  }
  const all = { ...payload, ...entered };
  return Object.keys(all).length > 0 ? all : undefined;
};

/** As the browser client reads a form: shared names are lists, a checkbox without a value is a boolean, no files. */
const formValues = (form: ShownForm, submitter?: ShownElement): Values => {
  const entries = formEntries(form, submitter);
  const all = (name: string): readonly string[] => entries.filter(([key]) => key === name).map(([, value]) => value);
  const values: Values = Object.fromEntries(
    entries.map(([name]) => [name, all(name).length > 1 ? all(name) : all(name)[0]]),
  );
  const lists = controlsIn(form).filter(({ name, type }) => name && /^checkbox$|multiple$/.test(type));
  for (const control of lists) {
    if (isDisabled(control)) continue;
    const { name, type, checked } = control;
    if (type !== 'checkbox' || lists.some((other) => other !== control && other.name === name))
      values[name] = all(name);
    else if (!control.hasAttribute('value')) values[name] = checked;
  }
  return values;
};

const upwards = (element: ShownElement | null): readonly ShownElement[] =>
  element ? [element, ...upwards(element.parentElement)] : [];

const keyOf = (control: ShownElement): string => modelOf(control)?.field ?? (control as ShownControl).name;

const nameOf = (element: ShownElement): string =>
  element.getAttribute('aria-label') ?? element.textContent.trim().replace(/\s+/g, ' ');

const said = (name: Text): string => (typeof name === 'string' ? `"${name}"` : String(name));

const showing = (screen: Screen): string => excerpt(screen.root.outerHTML);
