import { describe, expect, it } from '@jest/globals';
import { Type } from 'class-transformer';
import { IsDate, IsInstance, IsOptional, ValidateNested } from 'class-validator';
import { Temporal } from 'temporal-polyfill';

import { UTC_CLOCK, type Clock } from './clock.js';
import { temporalKind, temporalOf } from './temporal.js';
import { readPrimitive, validateInto } from './validation.js';

const BERLIN: Clock = { zone: 'Europe/Berlin', reads: 'all' };
const LORD_HOWE: Clock = { zone: 'Australia/Lord_Howe', reads: 'all' };

describe('a text for a class of Temporal', () => {
  it.each<[type: keyof typeof Temporal, text: string, is: string, clock?: Clock]>([
    ['PlainDate', '2026-03-01', '2026-03-01'],
    ['PlainDate', '2026-W53', '2026-12-28'],
    ['PlainDate', '2026-W01', '2025-12-29'],
    ['PlainDate', '2026-02', '2026-02-01'],
    ['PlainTime', '14:30', '14:30:00'],
    ['PlainTime', '23:59:59.123456789', '23:59:59.123456789'],
    ['PlainDateTime', '2026-03-29T02:30', '2026-03-29T02:30:00'],
    ['PlainDateTime', '2026-03-01 14:30:05.5', '2026-03-01T14:30:05.5'],
    ['PlainDateTime', '2026-03-01', '2026-03-01T00:00:00'],
    ['PlainYearMonth', '2026-03', '2026-03'],
    ['Instant', '2026-03-01T14:30', '2026-03-01T13:30:00Z', BERLIN],
    ['Instant', '2026-03-01T14:30:00.000000001-05:00', '2026-03-01T19:30:00.000000001Z', BERLIN],
    ['Instant', '1969-12-31T23:59:59.999999999Z', '1969-12-31T23:59:59.999999999Z'],
    ['Instant', '2026-03-01', '2026-02-28T23:00:00Z', BERLIN],
    ['Instant', '2026-04-05T01:45', '2026-04-04T14:45:00Z', LORD_HOWE],
    ['ZonedDateTime', '2026-10-25T02:30', '2026-10-25T02:30:00+02:00[Europe/Berlin]', BERLIN],
    ['ZonedDateTime', '2026-10-25T02:30+01:00', '2026-10-25T02:30:00+01:00[Europe/Berlin]', BERLIN],
    ['ZonedDateTime', '2026-10-25T02:30+01:00[Europe/Berlin]', '2026-10-25T02:30:00+01:00[Europe/Berlin]'],
    ['ZonedDateTime', '2026-03-01T02:30[Asia/Kathmandu]', '2026-03-01T02:30:00+05:45[Asia/Kathmandu]', BERLIN],
    ['ZonedDateTime', '2026-03-01T02:30Z[Asia/Kathmandu]', '2026-03-01T08:15:00+05:45[Asia/Kathmandu]', BERLIN],
    ['ZonedDateTime', '2026-03-01T02:30-03:30[-03:30]', '2026-03-01T02:30:00-03:30[-03:30]', BERLIN],
  ])('%s is read from %s', (name, text, is, clock = UTC_CLOCK) => {
    expect(String(temporalOf(Temporal[name], text, clock))).toBe(is);
    expect(String(temporalOf(Temporal[name], temporalOf(Temporal[name], text, clock), clock))).toBe(is);
  });

  it.each<[type: keyof typeof Temporal, given: unknown, clock?: Clock]>([
    ['PlainDate', '2026-02-30'],
    ['PlainDate', '2025-W53'],
    ['PlainDate', '2026-03-01T00:00'],
    ['PlainDate', '2026-03-01T00:00Z'],
    ['PlainDate', '14:30'],
    ['PlainDate', '2026-03-01[u-ca=hebrew]'],
    ['PlainDate', '5786-13-01'],
    ['PlainDate', 1],
    ['PlainDate', new Date(0)],
    ['PlainDate', { year: 2026, month: 3, day: 1 }],
    ['PlainTime', '24:00'],
    ['PlainTime', '23:59:60'],
    ['PlainTime', '14:30Z'],
    ['PlainTime', '2:30'],
    ['PlainDateTime', '2026-03-01T14:30Z'],
    ['PlainDateTime', '2026-03-01T14:30+01:00[Europe/Berlin]'],
    ['PlainDateTime', 'abc 12'],
    ['PlainYearMonth', '2026-13'],
    ['PlainYearMonth', '2026-03-01'],
    ['PlainYearMonth', '2026'],
    ['Instant', '2026-03-29T02:30', BERLIN],
    ['Instant', '2026-10-04T02:15', LORD_HOWE],
    ['Instant', '14:30'],
    ['Instant', '2026-W10'],
    ['Instant', new Date(NaN)],
    ['ZonedDateTime', '2026-03-29T02:30[Europe/Berlin]'],
    ['ZonedDateTime', '2026-03-01T02:30+02:00[Europe/Berlin]'],
    ['ZonedDateTime', '2026-03-01T02:30[Mars/Base]'],
    ['ZonedDateTime', '2026-03-01T02:30+01:00[+02:00]'],
    ['ZonedDateTime', '2026-03-01T02:30[Europe/Berlin][u-ca=hebrew]'],
  ])('%s is not %p', (name, given, clock = UTC_CLOCK) => {
    expect(temporalOf(Temporal[name], given, clock)).toBeUndefined();
  });

  it('is asked for by a class alone, whatever data says of itself', () => {
    expect(temporalKind(Temporal.PlainDate)).toBe('PlainDate');
    for (const other of [Date, class PlainDate {}, undefined, { prototype: Temporal.PlainDate.prototype }])
      expect(temporalKind(other)).toBeUndefined();
    expect(temporalOf(Temporal.PlainDate, { [Symbol.toStringTag]: 'Temporal.PlainDate' }, UTC_CLOCK)).toBeUndefined();
  });
});

class Stop {
  @IsInstance(Temporal.PlainTime)
  at: Temporal.PlainTime;
}

class Trip {
  @IsInstance(Temporal.PlainDate)
  day: Temporal.PlainDate;

  @IsOptional()
  @IsInstance(Temporal.PlainDate)
  back?: Temporal.PlainDate | null;

  @IsOptional()
  @IsInstance(Temporal.PlainDate, { each: true })
  holidays?: Temporal.PlainDate[];

  @IsOptional()
  @Type(() => Stop)
  @ValidateNested({ each: true })
  stops?: Stop[];

  @IsOptional()
  @IsDate()
  seen?: Date | null;
}

describe('a DTO with fields of Temporal', () => {
  it('is made of texts, and of values', async () => {
    const trip = await validateInto(Trip, {
      day: '2026-03-01',
      back: Temporal.PlainDate.from('2026-03-09'),
      holidays: ['2026-03-02', '2026-W12'],
      stops: [{ at: '10:00' }, { at: '11:30:00.5' }],
      seen: '2026-03-01T10:00Z',
    });
    expect(trip.day).toBeInstanceOf(Temporal.PlainDate);
    expect(trip.back).toBeInstanceOf(Temporal.PlainDate);
    expect(trip.stops?.[1]?.at).toBeInstanceOf(Temporal.PlainTime);
    expect(JSON.parse(JSON.stringify(trip))).toEqual({
      day: '2026-03-01',
      back: '2026-03-09',
      holidays: ['2026-03-02', '2026-03-16'],
      stops: [{ at: '10:00:00' }, { at: '11:30:00.5' }],
      seen: '2026-03-01T10:00:00.000Z',
    });
    expect(await validateInto(Trip, { day: '2026-03-01', back: null, seen: null })).toMatchObject({ back: null });
  });

  it('says at each field what it must be', async () => {
    const refused = validateInto(Trip, {
      day: '2026-02-30',
      back: 5,
      holidays: ['2026-03-02', 'abc 12'],
      stops: [{ at: '10:00' }, { at: '25:00' }],
      seen: '1',
    });
    await expect(refused).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      details: {
        fields: {
          day: ['must be a day'],
          back: ['must be a day'],
          'holidays.1': ['must be a day'],
          'stops.1.at': ['must be a time of day'],
          seen: ['seen must be a Date instance'],
        },
      },
    });
    await expect(validateInto(Trip, {})).rejects.toMatchObject({ details: { fields: { day: [expect.any(String)] } } });
  });
});

describe('a value of Temporal alone', () => {
  it('is read like a payload', () => {
    expect(String(readPrimitive(Temporal.PlainDate, '2026-03-01', 'json'))).toBe('2026-03-01');
    expect(readPrimitive(Temporal.PlainDate, '', 'form')).toBeUndefined();
  });
});
