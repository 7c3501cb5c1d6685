import { Type } from 'class-transformer';
import { IsDate, IsOptional, ValidateNested } from 'class-validator';

import { readPrimitive, validateInto } from './validation.js';

class Day {
  @IsOptional()
  @Type(() => Date)
  @IsDate()
  on?: Date;
}

class Trip extends Day {
  @IsOptional()
  @ValidateNested()
  @Type(() => Day)
  back?: Day;

  @IsOptional()
  @Type(() => Date)
  @IsDate({ each: true })
  stops?: Date[];

  /** Without `@Type()`: its declaration is enough. */
  @IsOptional()
  @IsDate()
  plain?: Date;
}

const WRONG = ['abc 12', '1', '2026-02-30', 1, true, '2026', 'March 1, 2026'];

describe('a date of a DTO', () => {
  it('is what the text says, at any depth', async () => {
    const trip = await validateInto(Trip, {
      on: '2026-03-01',
      back: { on: '2026-03-04T10:00' },
      stops: ['2026-03-02', '2026-03-03T08:00+02:00'],
      plain: '2026-03-01T10:00:00.5Z',
    });
    const iso = (date?: Date): string | undefined => date?.toISOString();
    expect([iso(trip.on), iso(trip.back?.on), trip.stops?.map(iso), iso(trip.plain)]).toEqual([
      '2026-03-01T00:00:00.000Z',
      '2026-03-04T10:00:00.000Z',
      ['2026-03-02T00:00:00.000Z', '2026-03-03T06:00:00.000Z'],
      '2026-03-01T10:00:00.500Z',
    ]);
  });

  it.each(WRONG)('is not %j', async (given) => {
    for (const payload of [
      { on: given },
      { back: { on: given } },
      { stops: ['2026-03-02', given] },
      { plain: given },
    ]) {
      await expect(validateInto(Trip, payload)).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    }
    expect(readPrimitive(Date, given, 'json')).toBeUndefined();
  });
});

describe('a number in a text', () => {
  it.each(['0x10', '9007199254740993', '1,5', 'Infinity'])('is not %j', (text) => {
    expect(readPrimitive(Number, text, 'form')).toBeUndefined();
  });
});
