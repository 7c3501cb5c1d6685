import { dateOf } from 'nest-live/extend';

import { textOf } from './form.text.js';

/** What the controls of HTML show of a moment, in UTC. Another spelling they show as nothing, and send as nothing. */
const SPELLINGS: Readonly<Record<string, (date: Date) => string>> = {
  date: (date) => dayOf(date),
  'datetime-local': (date) => `${dayOf(date)}T${timeOf(date)}`,
  month: (date) => dayOf(date).slice(0, 7),
  week: (date) => weekOf(date),
  time: (date) => timeOf(date),
};

/** A value as the text of a control of this type. */
export const controlText = (value: unknown, type: string): string => {
  const spell = Object.hasOwn(SPELLINGS, type) ? SPELLINGS[type] : undefined;
  const date = spell && (typeof value === 'string' ? dateOf(value) : value);
  return spell && date instanceof Date && !Number.isNaN(date.getTime()) ? spell(date) : textOf(value);
};

/** Whether a text is what some control has shown of the date: nobody has touched it, though it says less. */
export const isShownOf = (date: Date, text: string): boolean =>
  !Number.isNaN(date.getTime()) && Object.values(SPELLINGS).some((spell) => spell(date) === text);

const dayOf = (date: Date): string => date.toISOString().split('T')[0] ?? '';

/** As short as it can be: `10:30`, `10:30:05`, `10:30:05.250`. */
const timeOf = (date: Date): string => (date.toISOString().split('T')[1] ?? '').replace(/(?::00)?\.000Z$|Z$/, '');

const DAY_MS = 24 * 60 * 60_000;

/** ISO 8601: a week belongs to the year of its Thursday. */
const weekOf = (date: Date): string => {
  const thursday = new Date(date.getTime() + (3 - ((date.getUTCDay() + 6) % 7)) * DAY_MS);
  const year = thursday.getUTCFullYear();
  const week = Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / DAY_MS / 7) + 1;
  return `${String(year).padStart(4, '0')}-W${String(week).padStart(2, '0')}`;
};
