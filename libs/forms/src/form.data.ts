import { dateOf, temporalKindOf, UTC_ZONES, type Zones } from 'nest-live/extend';

import { isShownOf, momentOf } from './control.text.js';
import { fieldClock, shapeOf, type FieldSource, type FieldShape } from './dto.shape.js';
import { isBranch, own, type Entered } from './form.decoder.js';
import { textOf, truthOf } from './form.text.js';

/** Behind the name of a field: what its control has shown, where that is not what the field holds. */
export const SHOWN = '~';

/** What was entered, as the DTO is built: nested objects and lists, with text where a person has typed. */
export type FormData = Record<string, unknown>;

/**
 * Brings what a form has sent into the shape of its DTO. Names that the DTO does not declare are left out; a declared name
 * that was not sent keeps what it held, but boxes that nobody has checked and choices that nobody has made send nothing:
 * there, nothing is the answer.
 */
export const shaped = (
  dto: FieldSource,
  sent: Entered,
  before: Readonly<FormData>,
  zones: Zones = UTC_ZONES,
): FormData => {
  const data: FormData = {};
  for (const [name, field] of shapeOf(dto)) {
    const isUntouched = Object.hasOwn(sent, name + SHOWN) && sent[name + SHOWN] === own(sent, name);
    const value = isUntouched
      ? own(before, name)
      : fieldValue(field, own(sent, name), { before: own(before, name), zones });
    if (value !== undefined) {
      data[name] = value;
    }
  }
  return data;
};

interface Held {
  /** What the form has held until now. */
  readonly before: unknown;
  readonly zones: Zones;
}

const fieldValue = (field: FieldShape, sent: unknown, { before, zones }: Held): unknown => {
  if (sent === undefined) {
    return unsent(field, { before, zones });
  }
  if (field.isList) {
    return listValue(field, sent, { before, zones });
  }
  if (field.kind === 'object' && isBranch(sent)) {
    return shaped(field.type as FieldSource, sent, isBranch(before) ? before : {}, zones);
  }
  const clock = fieldClock(field, zones);
  // A column of days comes as texts.
  const isTime = field.kind === 'date' || field.kind === 'temporal';
  const date = isTime ? momentOf(before, clock) : before;
  if (date instanceof Date && typeof sent === 'string' && isShownOf(date, sent, clock)) {
    return before;
  }
  return field.kind === 'boolean' ? boxValue(sent) : sent;
};

/** A hidden field in front of a box sends a second value; the box is the last word. */
const boxValue = (sent: unknown): unknown => {
  const last = Array.isArray(sent) ? (sent as unknown[]).at(-1) : sent;
  return typeof last === 'string' ? (truthOf(last) ?? last) : last;
};

const unsent = ({ kind, isList, type, isOptional }: FieldShape, { before, zones }: Held): unknown => {
  if (isList) {
    return kind === 'object' ? before : [];
  }
  if (kind === 'boolean') {
    return false;
  }
  if (kind !== 'object' || (isOptional && !isBranch(before))) {
    return before;
  }
  return shaped(type as FieldSource, {}, isBranch(before) ? before : {}, zones);
};

const listValue = (field: FieldShape, sent: unknown, { before, zones }: Held): unknown => {
  const items = itemsOf(sent);
  if (items === undefined) {
    return sent;
  }
  const { kind, type } = field;
  if (kind === 'object') {
    return items.map((item, at) =>
      isBranch(item) ? shaped(type as FieldSource, item, rowBefore(before, item, at), zones) : item,
    );
  }
  return kind === 'number' || kind === 'date' || kind === 'temporal' || kind === 'boolean'
    ? items.filter((item) => item !== '')
    : items;
};

/** What a row has held, where it is known by its id or, without one, by its place. What it does not send it has not. */
const rowBefore = (before: unknown, item: Entered, at: number): FormData => {
  const rows = Array.isArray(before) ? before.filter(isBranch) : [];
  const id = textOf(own(item, 'id'));
  const row = id === '' ? rows[at] : rows.find((one) => textOf(one.id) === id);
  return Object.fromEntries(Object.entries(row ?? {}).filter(([name]) => Object.hasOwn(item, name)));
};

/** One value is a list of one, an empty one is none, and numbered branches stand in the order of their numbers. */
const itemsOf = (sent: unknown): readonly unknown[] | undefined => {
  if (Array.isArray(sent)) {
    return sent as unknown[];
  }
  if (!isBranch(sent)) {
    return sent === '' || sent === null ? [] : [sent];
  }
  const steps = Object.keys(sent);
  return steps.every((step) => /^\d+$/.test(step))
    ? steps.sort((one, other) => Number(one) - Number(other)).map((step) => sent[step])
    : undefined;
};

/** What a form holds at first, of whatever it was made from: an entity, a DTO, plain data. Only what the DTO declares. */
export const planted = (dto: FieldSource, from: object): FormData => {
  const data: FormData = {};
  for (const [name, { kind, isList, type }] of shapeOf(dto)) {
    const value = (from as FormData)[name];
    if (value === undefined) {
      continue;
    }
    const plant = (one: unknown): unknown => {
      if (kind !== 'free' && temporalKindOf(one)) {
        return String(one);
      }
      if (!isBranch(one) || kind === 'free') {
        return one;
      }
      // A decimal of a database is an object, and a text for a form.
      return kind === 'object' ? planted(type as FieldSource, one) : (one as { toString(): string }).toString();
    };
    data[name] = isList && Array.isArray(value) ? (value as unknown[]).map(plant) : plant(value);
  }
  return data;
};

/** Plain names of the values that are not the same text in both. */
export const changedNames = (before: unknown, now: unknown, name = ''): string[] => {
  const [one, other] = [stepsOf(before), stepsOf(now)];
  if (one === undefined && other === undefined) {
    return isSameText(before, now) ? [] : [name];
  }
  const steps = new Set([...(one ?? []), ...(other ?? [])]);
  return [...steps].flatMap((step) =>
    changedNames(member(before, step), member(now, step), name === '' ? step : `${name}.${step}`),
  );
};

/** A time that names no zone is the same as a date by the clock of its field alone. */
const isSameText = (before: unknown, now: unknown): boolean => {
  if (before instanceof Date === now instanceof Date) {
    return textOf(before) === textOf(now);
  }
  const [date, text] = before instanceof Date ? [before, now] : [now, before];
  const hasZone = typeof text === 'string' && /(?:Z|[+-]\d{2}:?\d{2})$/.test(text) && text.includes(':');
  return hasZone && dateOf(text)?.getTime() === (date as Date).getTime();
};

/** Of a list of choices the whole is one value; of a list of rows each value in them is. */
const stepsOf = (value: unknown): readonly string[] | undefined => {
  if (Array.isArray(value)) {
    return value.some(isBranch) ? Object.keys(value) : undefined;
  }
  return isBranch(value) ? Object.keys(value) : undefined;
};

const member = (value: unknown, step: string): unknown =>
  typeof value === 'object' && value !== null ? own(value as Record<string, unknown>, step) : undefined;

/** The value at a path, or nothing. */
export const valueAt = (data: unknown, path: readonly string[]): unknown =>
  path.reduce((value, step) => member(value, step), data);

/** A copy with another value at the path; what is missing on the way is made, as a list where the step is a number. */
export const withValue = (data: unknown, [step, ...rest]: readonly string[], value: unknown): unknown => {
  if (step === undefined) {
    return temporalKindOf(value) ? String(value) : value;
  }
  if (Array.isArray(data)) {
    const list = [...(data as unknown[])];
    const place = Math.min(Number(step), list.length);
    list[place] = withValue(list[place], rest, value);
    return list;
  }
  if (!isBranch(data) && /^\d+$/.test(step)) {
    return [withValue(undefined, rest, value)];
  }
  const branch = isBranch(data) ? data : {};
  return { ...branch, [step]: withValue(own(branch, step), rest, value) };
};
