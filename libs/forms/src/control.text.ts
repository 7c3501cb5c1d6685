import { dateOf, shownBy, temporalKindOf, UTC_CLOCK, type Clock } from 'nest-live/extend';

import { textOf } from './form.text.js';

/**
 * What the controls of HTML show of a moment. Another spelling they show as nothing, and send as nothing.
 * @param date its parts in UTC are those to be shown
 */
const SPELLINGS: Readonly<Record<string, (date: Date) => string>> = {
  date: (date) => dayOf(date),
  'datetime-local': (date) => `${dayOf(date)}T${timeOf(date)}`,
  month: (date) => dayOf(date).slice(0, -3),
  week: (date) => weekOf(date),
  time: (date) => timeOf(date),
};

/** What has a zone where only times have one. */
const LOCAL_TIME = 'datetime-local';

/** A value as the text of a control of this type, on the clock of its field. */
export const controlText = (value: unknown, type: string, clock: Clock = UTC_CLOCK): string => {
  if (!Object.hasOwn(SPELLINGS, type)) {
    return value instanceof Date ? dateText(value, clock) : textOf(value);
  }
  const date = momentOf(value, clock);
  return date && !Number.isNaN(date.getTime()) ? spelled(date, type, clock) : textOf(value);
};

/** The moment that a value of a date or of `Temporal` is, or its text; its own zone is none of the form's. */
export const momentOf = (value: unknown, clock: Clock): Date | undefined => {
  if (value instanceof Date) return value;
  const text = typeof value === 'string' || temporalKindOf(value) ? String(value) : '';
  return dateOf(text.replace(/(?<=Z|[+-]\d\d:\d\d)\[[^[]*\]$/, ''), clock);
};

/** Whether a text is what some control has shown of the date: nobody has touched it, though it says less. */
export const isShownOf = (date: Date, text: string, clock: Clock): boolean =>
  !Number.isNaN(date.getTime()) &&
  ['text', ...Object.keys(SPELLINGS)].some((type) => controlText(date, type, clock) === text);

/** A date without a type to say how: a day where it is one on this clock, else a day with a time. */
const dateText = (date: Date, clock: Clock): string => {
  if (Number.isNaN(date.getTime())) {
    return '';
  }
  const isDay = timeOf(onClock(date, 'date', clock)) === '00:00';
  const shown = onClock(date, isDay ? 'date' : LOCAL_TIME, clock);
  const day = shown.toISOString().split('T')[0] ?? '';
  return isDay ? day : `${day}T${timeOf(shown)}`;
};

const spelled = (date: Date, type: string, clock: Clock): string => {
  const shown = onClock(date, type, clock);
  // A control shows no year before the first one.
  return shown.getUTCFullYear() < 1 && type !== 'time' ? '' : (SPELLINGS[type]?.(shown) ?? '');
};

const onClock = (date: Date, type: string, clock: Clock): Date =>
  type === LOCAL_TIME || clock.reads === 'all' ? new Date(shownBy(clock, date.getTime())) : date;

/** Behind the year 9999, ISO 8601 has a sign and six digits, and HTML as many as there are. */
const dayOf = (date: Date): string => (date.toISOString().split('T')[0] ?? '').replace(/^\+0*/, '');

/** As short as it can be: `10:30`, `10:30:05`, `10:30:05.250`. */
const timeOf = (date: Date): string => (date.toISOString().split('T')[1] ?? '').replace(/(?::00)?\.000Z$|Z$/, '');

const DAY_MS = 24 * 60 * 60_000;

/** ISO 8601: a week belongs to the year of its Thursday. */
const weekOf = (date: Date): string => {
  const thursday = new Date(date.getTime() + (3 - ((date.getUTCDay() + 6) % 7)) * DAY_MS);
  const year = thursday.getUTCFullYear();
  const first = new Date(0);
  first.setUTCFullYear(year, 0, 1);
  const week = Math.floor((thursday.getTime() - first.getTime()) / DAY_MS / 7) + 1;
  return `${String(year).padStart(4, '0')}-W${String(week).padStart(2, '0')}`;
};
