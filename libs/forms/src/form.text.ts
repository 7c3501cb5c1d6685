/**
 * A value as the text of a control. A date at midnight UTC is a day (`2026-03-01`), any other one a time without a zone,
 * which is read as UTC: what a `date` and a `datetime-local` control take.
 */
export const textOf = (value: unknown): string => {
  if (value instanceof Date) {
    return dateText(value);
  }
  if (Array.isArray(value)) {
    return JSON.stringify(value.map(textOf)).replace(/^\[\]$/, '');
  }
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
      return String(value);
    case 'boolean':
      return value ? 'true' : '';
    default:
      return '';
  }
};

const dateText = (date: Date): string => {
  if (Number.isNaN(date.getTime())) {
    return '';
  }
  const [day = '', time = ''] = date.toISOString().split('T');
  return time === '00:00:00.000Z' ? day : `${day}T${time.replace(/(?::00)?\.000Z$|Z$/, '')}`;
};

// No two parts can take the same digits, so that a long text is refused as fast as a short one.
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** The number that a text is, without the spellings that only programs use; undefined when it is none. */
export const numberOf = (text: string): number | undefined => {
  const number = NUMBER.test(text.trim()) ? Number(text) : NaN;
  return Number.isFinite(number) ? number : undefined;
};

/** Whether the number has all digits of the text that it was read from, or of the value that it was. */
export const holdsDigits = (number: number, given: string | bigint): boolean =>
  significant(String(number)) === significant(String(given).trim());

/** Digits without zeros at either end, and the power of ten of the last one: the same for each spelling of a number. */
const significant = (text: string): string => {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().replace(/^\+/, '').split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const digits = (whole + fraction).replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  const power = Number(exponent) - fraction.length + digits.length - kept.length;
  return kept === '' ? '0' : `${mantissa.startsWith('-') ? '-' : ''}${kept}e${power}`;
};

const DATE = /^(\d{4,6})-(\d{2})(?:-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?)?$/;

/** The date or time that a text is, in UTC where it says no zone; undefined when there is no such day. */
export const dateOf = (text: string): Date | undefined => {
  const [matched, year, month, day = '01', zone] = DATE.exec(text.trim()) ?? [];
  if (matched === undefined || new Date(`${year}-${month}-${day}T00:00Z`).getUTCDate() !== Number(day)) {
    return undefined;
  }
  const hasTime = /[T ]/.test(matched);
  const date = new Date(hasTime && zone === undefined ? `${matched.replace(' ', 'T')}Z` : matched);
  return Number.isNaN(date.getTime()) ? undefined : date;
};

const TRUTH: ReadonlyMap<string, boolean> = new Map(
  Object.entries({
    on: true,
    true: true,
    yes: true,
    '1': true,
    off: false,
    false: false,
    no: false,
    '0': false,
    '': false,
  }),
);

/** What a box or a choice between yes and no says; undefined for another text. */
export const truthOf = (text: string): boolean | undefined => TRUTH.get(text);
