import { trustHtml, type SafeHtml } from 'nest-live';
import { browserValue, type TemplateCall } from 'nest-live/extend';

import { pathOf } from './form.names.js';
import { errorsId, fieldErrors, fieldId, fieldText, fieldValue, isChosen } from './form.values.js';
import { SHOWN } from './form.data.js';
import { textOf } from './form.text.js';

/** One of the choices of a select, of radio buttons or of boxes. */
interface Option {
  readonly value: string;
  readonly label: string;
}

/** A control with all that belongs to it. */
interface Field {
  readonly name: string;
  readonly call: TemplateCall;
  readonly id: string;
  readonly type: string;
  readonly label: string;
  readonly options: readonly Option[];
  readonly isMany: boolean;
}

const SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escaped = (text: unknown): string => String(text).replace(/[&<>"']/g, (sign) => SIGNS[sign] ?? '');

/** What a template may say of a control, in the words of HTML. */
const ATTRIBUTES = [
  ...['autocomplete', 'inputmode', 'max', 'maxlength', 'min', 'minlength', 'pattern', 'placeholder', 'rows', 'size'],
  ...['accept', 'step'],
] as const;
const FLAGS = ['required', 'disabled', 'readonly'] as const;

/**
 * `{{field 'email' label='E-mail' type='email'}}`: label, control, hint and messages, tied together for whoever hears the
 * page instead of seeing it. `type` is one of HTML's, `textarea`, `select`, `radio` or `checkbox`; the latter three take
 * `options`, `multiple=true` makes a select or boxes a list. A password is never printed.
 */
export const fieldMarkup = (call: TemplateCall, name: string): SafeHtml => {
  const { type = 'text', label = name, options, multiple } = call.named;
  const field: Field = {
    name,
    call,
    id: fieldId(call.view, name),
    // As HTML reads it: a password in other letters is one.
    type: String(type).toLowerCase(),
    label: String(label),
    options: optionsOf(options),
    isMany: multiple === true,
  };
  const isGroup = field.options.length > 0 && /^(?:radio|checkbox)$/.test(field.type);
  const shown = isGroup ? group(field) : field.type === 'checkbox' ? box(field) : labelled(field);
  const state = fieldErrors(call.view, name).length > 0 ? ' field-invalid' : '';
  return trustHtml(
    `<div class="field${state}" live-key="${escaped(keyOf(name))}">${shown}${hint(field)}${messages(field)}</div>`,
  );
};

/** Which field it is, without the place of a row: a row that moves up keeps its fields. */
const keyOf = (name: string): string =>
  pathOf(name)
    .filter((step) => !/^\d+$/.test(String(step)))
    .join('.');

const labelled = (field: Field): string =>
  `<label class="field-label" for="${escaped(field.id)}">${escaped(field.label)}</label>${control(field)}`;

const box = (field: Field): string => {
  const checked = isChosen(field.call.view, field.name) ? ' checked' : '';
  const input = `<input type="checkbox" name="${escaped(field.name)}"${common(field)}${checked}>`;
  return `<label class="field-choice">${input} <span>${escaped(field.label)}</span></label>`;
};

const group = (field: Field): string => {
  const { options, name, id, call, type, label } = field;
  const inputs = options.map(({ value, label: text }, place) => {
    const checked = isChosen(call.view, name, value) ? ' checked' : '';
    const own = place === 0 ? id : `${id}-${place}`;
    const given = `type="${escaped(type)}" name="${escaped(name)}" value="${escaped(value)}" id="${escaped(own)}"`;
    return `<label class="field-choice"><input ${given}${flags(field)}${checked}> <span>${escaped(text)}</span></label>`;
  });
  const legend = `<legend class="field-label">${escaped(label)}</legend>`;
  return `<fieldset class="field-group"${described(field)}>${legend}${inputs.join('')}</fieldset>`;
};

const control = (field: Field): string => {
  const { type, call, options, isMany } = field;
  const name = escaped(field.name);
  const given = fieldText(call.view, field.name, type);
  // Which colours have names is each browser's own matter.
  const text = escaped(type === 'color' ? inBrowser(field, given) : given);
  if (type === 'textarea') {
    // A line's end right behind the tag is not part of the text.
    return `<textarea name="${name}"${common(field)}>${text.startsWith('\n') ? '\n' : ''}${text}</textarea>${shown(field, given)}`;
  }
  if (type === 'select') {
    const list = options.map(({ value, label }) => {
      const selected = isChosen(call.view, field.name, value) ? ' selected' : '';
      return `<option value="${escaped(value)}"${selected}>${escaped(label)}</option>`;
    });
    return `<select name="${name}"${isMany ? ' multiple' : ''}${common(field)}>${list.join('')}</select>`;
  }
  const value = type === 'password' || type === 'file' ? '' : ` value="${text}"`;
  const companion = value === '' ? '' : shown(field, given);
  return `<input type="${escaped(type)}" name="${name}"${value}${common(field)}>${companion}`;
};

/**
 * What the control shows where that is not what the field holds: a colour that there is none of, a text of two lines in one. It comes back
 * beside the control's own value, and while both are the same nobody has touched the field.
 */
const shown = (field: Field, given: string): string => {
  const text = inBrowser(field, given);
  const held = fieldValue(field.call.view, field.name);
  return text === textOf(held) || (held instanceof Date && text !== '')
    ? ''
    : `<input type="hidden" name="${escaped(field.name)}${SHOWN}" value="${escaped(text)}">`;
};

const inBrowser = ({ call: { named }, type }: Field, given: string): string => {
  const getAttribute = (key: string): string | null => {
    if (key === 'value') return given;
    return named[key] === undefined ? null : textOf(named[key]);
  };
  return browserValue({ type, tagName: type === 'textarea' ? 'TEXTAREA' : 'INPUT', getAttribute }, given);
};

const common = (field: Field): string => ` id="${escaped(field.id)}"${described(field)}${given(field)}${flags(field)}`;

const described = ({ call: { view, named }, name, id }: Field): string => {
  const ids = [named.hint === undefined ? undefined : `${id}-hint`, errorsId(view, name)].filter(Boolean).join(' ');
  const invalid = fieldErrors(view, name).length > 0 ? ' aria-invalid="true"' : '';
  return `${invalid} aria-describedby="${escaped(ids)}"`;
};

const given = ({ call: { named } }: Field): string =>
  ATTRIBUTES.filter((name) => named[name] !== undefined)
    .map((name) => ` ${name}="${escaped(named[name])}"`)
    .join('');

const flags = ({ call: { named } }: Field): string =>
  FLAGS.filter((name) => named[name] === true)
    .map((name) => ` ${name}`)
    .join('');

const hint = ({ call: { named }, id }: Field): string =>
  named.hint === undefined ? '' : `<p class="field-hint" id="${escaped(id)}-hint">${escaped(named.hint)}</p>`;

/** There before anything is wrong, because only what changes in an element that was there is read out. */
const messages = ({ call: { view }, name }: Field): string => {
  const list = fieldErrors(view, name).map((message) => `<span>${escaped(message)}</span>`);
  return `<p class="field-errors" id="${escaped(errorsId(view, name))}" aria-live="polite">${list.join(' ')}</p>`;
};

const optionsOf = (options: unknown): readonly Option[] => {
  const list = Array.isArray(options) ? (options as unknown[]) : [];
  return list.map((option) => {
    const { value, label } = (
      typeof option === 'object' && option !== null ? option : { value: option }
    ) as Partial<Option>;
    return { value: String(value ?? ''), label: String(label ?? value ?? '') };
  });
};
