const DATE = /^(\d{4,6})-(\d{2})(?:-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?)?$/;
const WEEK = /^(\d{4})-W(\d{2})$/;
const TIME = /^\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?$/;

const DAY_MS = 24 * 60 * 60_000;

/**
 * The date or time that a text is, in UTC where it says no zone; undefined when there is no such day. What the controls of HTML
 * send, as their `valueAsDate` reads it: a month is its first day, a week its Monday, a time stands on 1970-01-01.
 */
export const dateOf = (text: string): Date | undefined => {
  const said = text.trim();
  if (TIME.test(said)) {
    return valid(new Date(`1970-01-01T${said}Z`));
  }
  const [, weekYear, week] = WEEK.exec(said) ?? [];
  if (weekYear !== undefined) {
    return mondayOf(Number(weekYear), Number(week));
  }
  const [matched, year, month, day = '01', zone] = DATE.exec(said) ?? [];
  if (matched === undefined || new Date(`${year}-${month}-${day}T00:00Z`).getUTCDate() !== Number(day)) {
    return undefined;
  }
  const hasTime = /[T ]/.test(matched);
  return valid(new Date(hasTime && zone === undefined ? `${matched.replace(' ', 'T')}Z` : matched));
};

const valid = (date: Date): Date | undefined => (Number.isNaN(date.getTime()) ? undefined : date);

/** ISO 8601: the first week of a year is the one with its fourth of January. */
const mondayOf = (year: number, week: number): Date | undefined => {
  const fourth = new Date(Date.UTC(year, 0, 4));
  const monday = new Date(fourth.getTime() + ((week - 1) * 7 - ((fourth.getUTCDay() + 6) % 7)) * DAY_MS);
  const thursday = new Date(monday.getTime() + 3 * DAY_MS);
  return week > 0 && thursday.getUTCFullYear() === year ? monday : undefined;
};
