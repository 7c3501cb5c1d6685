import { Type } from 'class-transformer';
import { IsArray, IsDate, IsEnum, IsIn, IsInt, IsOptional, IsString, ValidateNested } from 'class-validator';

import { controlText } from './control.text.js';
import { readForm } from './dto.reader.js';
import { shaped } from './form.data.js';

enum Size {
  Small,
  Large,
}

class Draft {
  @IsOptional()
  @IsIn([1, 2, 3])
  level?: 1 | 2 | 3 | null;

  @IsOptional()
  @IsEnum(Size)
  size?: Size | null;

  @IsOptional()
  @IsIn(['a', 'b'])
  letter?: 'a' | 'b' | null;

  @IsOptional()
  @IsString({ each: true })
  tags?: string[] | null;

  @IsOptional()
  @IsInt({ each: true })
  counts?: number[] | null;

  @IsOptional()
  @IsInt()
  count?: number;
}

class Appointment {
  @IsOptional()
  @Type(() => Date)
  @IsDate()
  at?: Date;
}

class Calendar {
  @IsArray()
  @Type(() => Appointment)
  @ValidateNested({ each: true })
  entries: Appointment[] = [];
}

const read = async (sent: Record<string, unknown>) => {
  const { value, errors } = await readForm(Draft, shaped(Draft, sent as never, {}));
  return Object.keys(errors).length > 0 ? errors : value;
};

describe('a form read as its DTO', () => {
  it('reads a choice by what it may be, where `| null` has left no type', async () => {
    expect(await read({ level: '2', size: '1', letter: 'b' })).toMatchObject({
      level: 2,
      size: Size.Large,
      letter: 'b',
    });
    expect(await read({ level: '4' })).toMatchObject({ level: [expect.any(String)] });
    expect(await read({ level: 'x' })).toMatchObject({ level: ['must be a number'] });
  });

  it('takes an emptied choice for none', async () => {
    const value = (await read({ level: '', size: '', letter: '', count: '' })) as Draft;
    expect([value.level, value.size, value.letter, value.count]).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('reads one and many as a list, where the rules are for each item', async () => {
    expect(await read({ tags: 'one', counts: ['1', '2'] })).toMatchObject({ tags: ['one'], counts: [1, 2] });
    expect(await read({ counts: ['1', '0x10'] })).toMatchObject({ counts: ['must be a number'] });
  });

  it.each(['0x10', '1,5', '1e400', 'Infinity', '12abc', '--1'])('does not take %j for a number', async (count) => {
    expect(await read({ count })).toEqual({ count: ['must be a number'] });
  });

  it.each([
    ['9007199254740993', false],
    ['-9007199254740993', false],
    ['9007199254740992', true],
    ['90071992547409920', true],
    ['1e21', true],
    ['007', true],
    ['+7.000', true],
  ])('keeps or refuses digits: %s', async (count, isKept) => {
    const { inexact } = await readForm(Draft, { count });
    expect([...inexact]).toEqual(isKept ? [] : ['count']);
  });

  it.each([
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01T10:00', '2026-03-01T10:00:00.000Z'],
    ['2026-03-01T10:00+02:00', '2026-03-01T08:00:00.000Z'],
    ['2026-03', '2026-03-01T00:00:00.000Z'],
    ['2026-W10', '2026-03-02T00:00:00.000Z'],
    ['2020-W53', '2020-12-28T00:00:00.000Z'],
    ['10:30', '1970-01-01T10:30:00.000Z'],
  ])('reads %s as a control has sent it', async (at, date) => {
    const { value, errors } = await readForm(Appointment, { at });
    expect([errors, value.at?.toISOString()]).toEqual([{}, date]);
  });

  it.each(['abc 12', '1', '2026-02-30', '2026-13-01', '2021-W53', '25:00', '2026-03-01T24:30', '01.03.2026'])(
    'does not take %j for a date',
    async (at) => {
      expect((await readForm(Appointment, { at })).errors).toMatchObject({ at: ['must be a date'] });
    },
  );

  it('reads the dates of rows', async () => {
    const { value } = await readForm(Calendar, { entries: [{ at: '2026-03-01T10:00' }] });
    expect(value.entries[0]?.at?.toISOString()).toBe('2026-03-01T10:00:00.000Z');
  });
});

describe('a date in a control', () => {
  const midnight = new Date('2026-03-01T00:00:00Z');
  const exact = new Date('2026-03-01T10:30:05.250Z');

  it.each([
    ['date', '2026-03-01', '2026-03-01'],
    ['datetime-local', '2026-03-01T00:00', '2026-03-01T10:30:05.250'],
    ['month', '2026-03', '2026-03'],
    ['week', '2026-W09', '2026-W09'],
    ['time', '00:00', '10:30:05.250'],
  ])('is spelt as %s shows it', (type, atMidnight, late) => {
    expect([controlText(midnight, type), controlText(exact, type)]).toEqual([atMidnight, late]);
    expect(controlText('2026-03-01T00:00:00.000Z', type)).toBe(atMidnight);
    expect(controlText('nonsense', type)).toBe('nonsense');
  });

  it.each(['date', 'datetime-local', 'month', 'week', 'time'])('is not changed by a %s that nobody touched', (type) => {
    expect(shaped(Appointment, { at: controlText(exact, type) }, { at: exact })).toEqual({ at: exact });
    expect(shaped(Appointment, { at: '2026-03-02' }, { at: exact })).toEqual({ at: '2026-03-02' });
  });
});
