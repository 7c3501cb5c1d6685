import { instantIn, shownBy, UTC_CLOCK, type Clock } from './clock.js';
import { saidBy, type Said, type Says } from './date-text.js';

/** Classes of `Temporal` that a field can be, and what a text must be for them. */
const KINDS = {
  PlainDate: 'a day',
  PlainTime: 'a time of day',
  PlainDateTime: 'a day and a time',
  PlainYearMonth: 'a month',
  Instant: 'a point in time',
  ZonedDateTime: 'a point in time',
} as const;

export type TemporalKind = keyof typeof KINDS;

/** One of those classes: the runtime's own, or that of a polyfill. */
export interface TemporalClass {
  from(text: string): TemporalValue;
}

/** A value of one of those classes: its text says all there is of it. */
export interface TemporalValue {
  toString(): string;
  toJSON(): string;
}

/**
 * Which class of `Temporal` this is. A polyfill need not stand where the runtime's own would, but each of these classes says on its
 * prototype what it is, where no data from outside reaches.
 */
export const temporalKind = (type: unknown): TemporalKind | undefined =>
  typeof type === 'function' ? kindIn(type.prototype as object | undefined) : undefined;

/** Which class of `Temporal` this value is of. */
export const temporalKindOf = (value: unknown): TemporalKind | undefined =>
  typeof value === 'object' && value !== null ? kindIn(Object.getPrototypeOf(value) as object | null) : undefined;

const kindIn = (prototype: object | null | undefined): TemporalKind | undefined => {
  if (prototype === null || prototype === undefined || prototype === Object.prototype) {
    return undefined;
  }
  const tag: unknown = Object.getOwnPropertyDescriptor(prototype, Symbol.toStringTag)?.value;
  const name = typeof tag === 'string' && tag.startsWith('Temporal.') ? tag.slice('Temporal.'.length) : '';
  return Object.hasOwn(KINDS, name) ? (name as TemporalKind) : undefined;
};

/** For messages: what a field of this class must be. */
export const temporalName = (type: unknown): string | undefined => {
  const kind = temporalKind(type);
  return kind && KINDS[kind];
};

/** By which clock a field of this class is read and shown: what has no zone has none, and a point in time is all of its zone's. */
export const temporalClock = (kind: TemporalKind, { zone }: Clock): Clock =>
  kind === 'Instant' || kind === 'ZonedDateTime' ? { zone, reads: 'all' } : UTC_CLOCK;

/** A value of this class that is given as its text, or as what it is; undefined where it is nothing of the kind. */
export const temporalOf = (type: unknown, given: unknown, clock: Clock): TemporalValue | undefined => {
  const kind = temporalKind(type);
  if (kind === undefined) {
    return undefined;
  }
  if (given instanceof (type as never)) {
    return given as TemporalValue;
  }
  const text = temporalKindOf(given) === kind ? String(given) : instantText(kind, given);
  try {
    const spelled = text === undefined ? undefined : SPELLED[kind](text.trim(), clock);
    return spelled === undefined ? undefined : (type as TemporalClass).from(spelled);
  } catch {
    // A zone that there is not, a year beyond those of `Temporal`.
    return undefined;
  }
};

/** A date is a point in time; it is no day on anybody's calendar. */
const instantText = (kind: TemporalKind, given: unknown): string | undefined => {
  if (given instanceof Date) {
    return (kind === 'Instant' || kind === 'ZonedDateTime') && !Number.isNaN(given.getTime())
      ? given.toISOString()
      : undefined;
  }
  return typeof given === 'string' ? given : undefined;
};

type Speller = (text: string, clock: Clock) => string | undefined;

/** What a text says, as `Temporal` writes it, if it says one of these and no zone. */
const plain =
  (spelled: (iso: string | undefined) => string | undefined, ...takes: readonly Says[]): Speller =>
  (text) => {
    const said = saidBy(text);
    return takes.includes(said.says) && said.offset === undefined ? spelled(isoOf(said.moment, said)) : undefined;
  };

const isoOf = (moment: number, { finer }: Said): string | undefined => {
  const date = new Date(moment);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().replace('Z', finer);
};

const BOTH: readonly Says[] = ['day', 'moment'];

const SPELLED: Readonly<Record<TemporalKind, Speller>> = {
  PlainDate: plain((iso) => iso?.split('T')[0], 'day', 'week', 'month'),
  PlainTime: plain((iso) => iso?.split('T')[1], 'time'),
  PlainDateTime: plain((iso) => iso, ...BOTH),
  PlainYearMonth: plain((iso) => iso?.split('T')[0]?.slice(0, -3), 'month'),
  Instant: (text, { zone }) => pointOf(saidBy(text), zone),
  ZonedDateTime: (text, { zone }) => {
    const [, before = text, own] = /^([^[]*)\[([\w+/:-]+)\]$/.exec(text) ?? [];
    const said = saidBy(before);
    const point = pointOf(said, own ?? zone);
    const isOwn = own === undefined || (/^[+-]/.test(own) ? before.endsWith(own) : isOn(own, said));
    return point !== undefined && isOwn ? `${point}[${own ?? zone}]` : undefined;
  },
};

/** The point in time that a day or a time is in a zone, unless it says how far from UTC it is. */
const pointOf = (said: Said, zone: string): string | undefined => {
  if (!BOTH.includes(said.says)) {
    return undefined;
  }
  const { moment, offset } = said;
  const instant =
    offset === undefined ? instantIn({ zone, reads: 'all' }, { moment, isDay: said.says === 'day' }) : moment - offset;
  const iso = instant === undefined ? undefined : isoOf(instant, said);
  return iso && `${iso}Z`;
};

const MINUTE_MS = 60_000;

/** Whether clocks there are as far from UTC as the text says, of which it says no seconds. */
const isOn = (zone: string, { moment, offset, isUtc }: Said): boolean =>
  offset === undefined || isUtc || Math.abs(shownBy({ zone, reads: 'all' }, moment - offset) - moment) < MINUTE_MS;
