import { instantIn, UTC_CLOCK, type Clock } from './clock.js';

const DAY = /^((?:[+-]\d{6}|\d{4,6}))-(\d{2})(?:-(\d{2}))?(?:[T ](.+))?$/;
const WEEK = /^(\d{4,6})-W(\d{2})$/;
const TIME = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,9}))?)?(Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?$/;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** What a text names. */
export type Says = 'day' | 'month' | 'week' | 'time' | 'moment' | 'nothing';

/** A text that is no day or time, on any clock. */
const NONE: Said = { moment: NaN, says: 'nothing', finer: '' };

/**
 * The date or time that a text is, on this clock where it says no zone; undefined when there is no such day or time: February 30,
 * an hour that a clock leaves out. Of one that it shows twice, the first. What the controls of HTML send, as their `valueAsDate` reads
 * it: a month is its first day, a week its Monday, a time stands on 1970-01-01.
 */
export const dateOf = (text: string, clock: Clock = UTC_CLOCK): Date | undefined => {
  const { moment, says, offset } = saidBy(text.trim());
  if (Number.isNaN(moment)) {
    return undefined;
  }
  return valid(offset === undefined ? instantIn(clock, { moment, isDay: says !== 'moment' }) : moment - offset);
};

export interface Said {
  /** As a clock of UTC would show it, in milliseconds. */
  readonly moment: number;
  /** A day or a moment, or a month, a week or a time of day alone. */
  readonly says: Says;
  /** Digits behind the milliseconds. */
  readonly finer: string;
  /** From UTC, in milliseconds, where the text says it. */
  readonly offset?: number;
  /** It says `Z`: a point in time, and nothing of any zone. */
  readonly isUtc?: boolean;
}

/** What a text says, by its spelling alone; `moment` is NaN for a day that is not. */
export const saidBy = (text: string): Said => {
  const alone = timeOf(text);
  if (alone) {
    return alone.offset === undefined ? { ...alone, says: 'time' } : NONE;
  }
  const [, weekYear, week] = WEEK.exec(text) ?? [];
  if (weekYear !== undefined) {
    return saidOf(mondayOf(Number(weekYear), Number(week)), 'week');
  }
  const [, year, month, day, rest] = DAY.exec(text) ?? [];
  const midnight = midnightOf(Number(year), Number(month), Number(day ?? 1));
  if (rest === undefined) {
    return saidOf(midnight, day === undefined ? 'month' : 'day');
  }
  const time = day === undefined ? undefined : timeOf(rest);
  return time && !Number.isNaN(midnight) ? { ...time, says: 'moment', moment: midnight + time.moment } : NONE;
};

const saidOf = (moment: number, says: Says): Said => (Number.isNaN(moment) ? NONE : { moment, says, finer: '' });

const timeOf = (text: string): Omit<Said, 'says'> | undefined => {
  const [matched, hours, minutes, seconds = '0', fraction = '', zone] = TIME.exec(text) ?? [];
  if (matched === undefined) {
    return undefined;
  }
  const ms = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS + Number(seconds) * 1_000;
  return {
    moment: ms + Number(fraction.padEnd(3, '0').slice(0, 3)),
    finer: fraction.slice(3),
    offset: zone === undefined ? undefined : offsetOf(zone),
    isUtc: zone === 'Z',
  };
};

const offsetOf = (zone: string): number => {
  if (zone === 'Z') return 0;
  const [hours, minutes] = [zone.slice(1, 3), zone.slice(-2)];
  return (zone.startsWith('-') ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
};

const valid = (ms: number | undefined): Date | undefined => {
  const date = new Date(ms ?? NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
};

/** `Date.UTC` takes the years before 100 for others. */
const midnightOf = (year: number, month: number, day: number): number => {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : NaN;
};

/** ISO 8601: the first week of a year is the one with its fourth of January. */
const mondayOf = (year: number, week: number): number => {
  const fourth = midnightOf(year, 1, 4);
  const monday = fourth + ((week - 1) * 7 - ((new Date(fourth).getUTCDay() + 6) % 7)) * DAY_MS;
  const thursday = new Date(monday + 3 * DAY_MS);
  return week > 0 && thursday.getUTCFullYear() === year ? monday : NaN;
};
