import { temporalKindOf } from 'nest-live/extend';

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
      return temporalKindOf(value) ? String(value) : '';
  }
};

const dateText = (date: Date): string => {
  if (Number.isNaN(date.getTime())) {
    return '';
  }
  const [day = '', time = ''] = date.toISOString().split('T');
  return time === '00:00:00.000Z' ? day : `${day}T${time.replace(/(?::00)?\.000Z$|Z$/, '')}`;
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
