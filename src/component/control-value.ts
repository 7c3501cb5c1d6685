/** A control as its template has it. */
export interface ControlLike {
  readonly type: string;
  readonly tagName: string;
  getAttribute(name: string): string | null;
}

/**
 * What a browser makes of a control's value: another spelling of a date, a time, a number or a colour is none, a range has a value
 * within its bounds, lines are one line.
 */
export const browserValue = (control: ControlLike, given: string): string => {
  const { type, tagName } = control;
  if (Object.hasOwn(RULES, type)) return RULES[type]?.(given, control) ?? given;
  if (tagName === 'TEXTAREA') return given.replace(/\r\n?/g, '\n');
  return tagName === 'INPUT' && isLine(type) ? oneLine(given) : given;
};

/** Types whose value is taken as it is: text of a page's own, or no text at all. */
const isLine = (type: string): boolean => !/^(?:hidden|checkbox|radio|file|submit|image|reset|button)$/.test(type);

type Rule = (value: string, control: ControlLike) => string;

const oneLine = (value: string): string => value.replace(/[\r\n]/g, '');

const isDay = (text: string): boolean => {
  const [, year, month, day] = /^(\d{4,})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  return Number(year) > 0 && date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
};

const isTime = (text: string): boolean => /^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,3})?)?$/.test(text);

/** ISO 8601: a year that begins or ends on a Thursday has 53. */
const weeksOf = (year: number): number => {
  const weekday = (month: number, day: number): number => {
    const date = new Date(0);
    date.setUTCFullYear(year, month, day);
    return date.getUTCDay();
  };
  return weekday(0, 1) === 4 || weekday(11, 31) === 4 ? 53 : 52;
};

const isWeek = (text: string): boolean => {
  const [, year, week] = /^(\d{4,})-W(\d\d)$/.exec(text) ?? [];
  return Number(year) > 0 && Number(week) > 0 && Number(week) <= weeksOf(Number(year));
};

const isNumber = (text: string): boolean =>
  /^-?(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text));

const rangeValue: Rule = (value, control) => {
  const given = (name: string, otherwise: number): number => {
    const text = control.getAttribute(name) ?? '';
    return isNumber(text) ? Number(text) : otherwise;
  };
  const min = given('min', 0);
  const max = Math.max(min, given('max', Math.max(min, 100)));
  const bounded = Math.min(max, Math.max(min, isNumber(value) ? Number(value) : min + (max - min) / 2));
  const step = given('step', 1) > 0 ? given('step', 1) : 1;
  if (control.getAttribute('step')?.toLowerCase() === 'any') return String(bounded);
  const base = given('min', given('value', 0));
  const stepped = base + Math.round((bounded - base) / step) * step;
  // Steps of decimals leave traces of binary ones.
  return String(Number((stepped > max ? stepped - step : stepped < min ? stepped + step : stepped).toPrecision(15)));
};

const RULES: Readonly<Record<string, Rule>> = {
  date: (value) => (isDay(value) ? value : ''),
  month: (value) => (isDay(`${value}-01`) ? value : ''),
  week: (value) => (isWeek(value) ? value : ''),
  time: (value) => (isTime(value) ? value : ''),
  'datetime-local': (value) => {
    const [day = '', time = '', more] = value.split(/[T ]/);
    if (more !== undefined || !isDay(day) || !isTime(time)) return '';
    return `${day}T${time.replace(/\.0+$/, '').replace(/^(\d\d:\d\d):00$/, '$1')}`;
  },
  number: (value) => (isNumber(value) ? value : ''),
  range: rangeValue,
  color: (value) => {
    const text = value.trim().toLowerCase();
    const short = /^#([\da-f])([\da-f])([\da-f])$/.exec(text);
    if (short)
      return `#${short
        .slice(1)
        .map((digit) => digit + digit)
        .join('')}`;
    return /^#[\da-f]{6}$/.test(text) ? text : '#000000';
  },
  email: (value, control) =>
    control.getAttribute('multiple') !== null
      ? oneLine(value)
          .split(',')
          .map((one) => one.trim())
          .join(',')
      : oneLine(value).trim(),
  url: (value) => oneLine(value).trim(),
};
