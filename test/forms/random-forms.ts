import type { Type } from '@nestjs/common';
import { IsBoolean, IsDate, IsIn, IsInt, IsNumber, IsOptional, IsString } from 'class-validator';
import { Computed, InZone, LiveComponent } from 'nest-live';
import { ModelFormComponent } from 'nest-live/forms';
import { Column, Entity, PrimaryGeneratedColumn, VersionColumn } from 'typeorm';

import { Dice } from '../browser/dice.js';

/** Columns of every kind, as a database has them. */
export const thingFor = (moment: 'timestamptz' | 'datetime'): Type<object> => {
  @Entity('thing')
  class Thing {
    @PrimaryGeneratedColumn() id: number;
    @VersionColumn() version: number;
    @Column({ type: 'varchar', nullable: true }) word: string | null;
    @Column({ type: 'text', nullable: true }) story: string | null;
    @Column({ type: 'varchar', nullable: true }) colour: string | null;
    @Column({ type: 'varchar', default: 'a' }) choice: string;
    @Column({ type: 'simple-array', nullable: true }) tags: string[] | null;
    @Column({ type: 'int', nullable: true }) count: number | null;
    @Column({ type: 'bigint', nullable: true }) big: string | null;
    @Column({ type: 'numeric', precision: 30, scale: 20, nullable: true }) share: string | null;
    @Column({ type: 'boolean', default: false }) agreed: boolean;
    @Column({ type: 'date', nullable: true }) day: string | null;
    @Column({ type: moment, nullable: true }) at: Date | null;
    @Column({ type: 'time', nullable: true }) hour: string | null;
  }
  return Thing;
};

export const ZONES = [
  'UTC',
  'America/New_York',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'America/St_Johns',
  'Pacific/Apia',
  'visitor',
];
const MOMENTS = [
  '2026-03-29T01:30:00Z',
  '2026-10-25T01:30:00Z',
  '2026-11-01T06:30:00Z',
  '2026-04-04T15:10:05.250Z',
  '1969-12-31T23:59:59Z',
];

interface Kind {
  readonly rule: PropertyDecorator;
  readonly design: unknown;
  /** Of `{{field}}`: type, and what else it says. */
  readonly controls: readonly string[];
  readonly values: readonly unknown[];
  /** What a person enters instead, in any of the controls that take it. */
  readonly edits: Readonly<Record<string, readonly [entered: string, stored: unknown]>>;
  readonly isZoned?: true;
}

const text = (controls: readonly string[], edit = 'other'): Pick<Kind, 'rule' | 'design' | 'controls' | 'edits'> => ({
  rule: IsString(),
  design: String,
  controls,
  edits: Object.fromEntries(controls.map((one) => [one, [edit, edit]])),
});

const KINDS: Readonly<Record<string, Kind>> = {
  word: {
    ...text(["type='text'", "type='search'", "type='tel'", "type='textarea'", "type='url'"]),
    values: [
      null,
      '',
      'x',
      ' spaced ',
      'a\nb',
      '\nfirst',
      'a\r\nb',
      '<b>&amp;"\'',
      '0',
      'null',
      '2026-03-01',
      '10:30:00',
    ],
  },
  story: {
    ...text(["type='textarea'", "type='text'"]),
    values: [null, '\n\ntwo', 'tab\tand\n', 'é\u2028z', '  '],
  },
  colour: { ...text(["type='color'", "type='text'"], '#123456'), values: [null, '#abcdef', '#ABC', 'red', ''] },
  choice: {
    ...text(["type='select' options=letters", "type='radio' options=letters", "type='text'"], 'b'),
    rule: IsIn(['a', 'b', 'c']),
    values: ['a', 'c'],
  },
  tags: {
    rule: IsString({ each: true }),
    design: Array,
    controls: ["type='checkbox' options=letters", "type='select' multiple=true options=letters"],
    values: [null, ['a'], ['b', 'c']],
    edits: {},
  },
  count: {
    rule: IsInt(),
    design: Number,
    controls: ["type='number'", "type='range'", "type='range' min=10 max=20 step=4", "type='text'"],
    values: [null, 0, -1, 14, 55, 500],
    edits: { "type='number'": ['7', 7], "type='text'": ['7', 7], "type='range'": ['7', 7] },
  },
  big: { ...text(["type='number'", "type='text'"], '42'), values: [null, '0', '9007199254740993', '-42'] },
  share: {
    rule: IsNumber(),
    design: Number,
    controls: ["type='number' step='any'", "type='text'", "type='range' step='any' min=0 max=1"],
    values: [null, '0.12345678901234567891', '1.50000000000000000000', '0.00000000000000000001'],
    edits: { "type='text'": ['0.25', 0.25], "type='number' step='any'": ['0.25', 0.25] },
  },
  agreed: {
    rule: IsBoolean(),
    design: Boolean,
    controls: ["type='checkbox'", "type='select' options=truths", "type='radio' options=truths"],
    values: [true, false],
    edits: {},
  },
  day: {
    rule: IsDate(),
    design: Date,
    controls: ["type='date'", "type='month'", "type='week'", "type='datetime-local'", "type='text'"],
    values: [null, '2026-03-01', '2026-12-31', '0050-02-28', '1900-01-01'],
    edits: { "type='date'": ['2027-02-28', '2027-02-28'], "type='text'": ['2027-02-28', '2027-02-28'] },
  },
  at: {
    rule: IsDate(),
    design: Date,
    controls: ["type='datetime-local'", "type='date'", "type='month'", "type='week'", "type='time'", "type='text'"],
    values: [null, ...MOMENTS.map((moment) => new Date(moment))],
    edits: { "type='text'": ['2027-02-28T10:00Z', new Date('2027-02-28T10:00Z')] },
    isZoned: true,
  },
  hour: { ...text(["type='time'", "type='text'"], '11:45'), values: [null, '10:30:00', '23:59:59.123456'] },
};

/** A form on a thing: a few of its columns, each in one of its controls, declared in one of the ways that a DTO has. */
export interface RandomForm {
  readonly name: string;
  readonly component: Type<object>;
  readonly row: Readonly<Record<string, unknown>>;
  /** What a person changes: the column, what is entered, what is stored then. */
  readonly edit?: { readonly column: string; readonly entered: string; readonly stored: unknown };
  readonly said: string;
}

export const received = new Map<string, object[]>();

export const randomForm = (seed: number, entity: Type<object>): RandomForm => {
  const dice = new Dice(seed * 7_919);
  const names = dice.shuffled(Object.keys(KINDS)).slice(0, 3 + dice.below(6));
  class Draft {}
  const fields = names.map((column) => declared(Draft, column, dice));
  const name = `random-${seed}`;
  const body = fields.map(({ column, control }) => `{{field '${column}' ${control}}}`).join('\n');

  @LiveComponent(name, { template: `<form live-submit="submit" novalidate>${body}<button>Save</button></form>` })
  class Random extends ModelFormComponent<object, object> {
    protected readonly entity = entity;
    protected readonly dto = Draft;

    @Computed()
    get letters(): readonly string[] {
      return ['a', 'b', 'c'];
    }

    @Computed()
    get truths(): readonly string[] {
      return ['true', 'false'];
    }

    protected override idOf({ id, start }: { readonly id?: number; readonly start?: string }) {
      return id ?? start;
    }

    protected override beforeSave(draft: object): undefined {
      received.set(name, [...(received.get(name) ?? []), draft]);
    }
  }
  const row = Object.fromEntries(names.map((column) => [column, dice.of(KINDS[column].values)]));
  const edits = fields.flatMap(({ column, control }) => {
    const [entered, stored] = KINDS[column].edits[control] ?? [];
    return entered === undefined ? [] : [{ column, entered, stored }];
  });
  const said = fields
    .map(({ column, control, shape }) => `${column}=${JSON.stringify(row[column])} ${control} ${shape}`)
    .join('; ');
  return {
    name,
    component: Random,
    row,
    edit: edits.length > 0 ? dice.of(edits) : undefined,
    said: `seed ${seed}: ${said}`,
  };
};

const declared = (dto: Type<object>, column: string, dice: Dice) => {
  const { rule, design, controls, isZoned } = KINDS[column];
  const prototype = dto.prototype as object;
  rule(prototype, column);
  IsOptional()(prototype, column);
  // `T | null` leaves no type behind when it is compiled.
  const isBare = dice.of([true, false]);
  Reflect.defineMetadata('design:type', isBare ? Object : design, prototype, column);
  const zone = isZoned && dice.of([undefined, ...ZONES]);
  if (zone) InZone(zone)(prototype, column);
  return { column, control: dice.of(controls), shape: `${isBare ? 'T | null' : 'T'}${zone ? ` in ${zone}` : ''}` };
};

/** `FORM_SEEDS=200 FORM_SEED=1000` for more of them, or others. */
export const SEEDS: readonly number[] = Array.from(
  { length: Number(process.env.FORM_SEEDS ?? 24) },
  (_, place) => Number(process.env.FORM_SEED ?? 1) + place,
);
