import { ValidationPipe } from '@nestjs/common';
import { APP_PIPE } from '@nestjs/core';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Type } from 'class-transformer';
import { IsDate, IsInstance, IsOptional, ValidateNested } from 'class-validator';
import { InZone, LiveComponent, OnEvent, Payload, State, Url, type FieldChange } from 'nest-live';
import { FormComponent } from 'nest-live/forms';
import { LiveTest } from 'nest-live/testing';
import { Temporal } from 'temporal-polyfill';

class Visit {
  @IsInstance(Temporal.PlainDate)
  day: Temporal.PlainDate;

  @IsInstance(Temporal.PlainTime)
  from: Temporal.PlainTime;

  @IsInstance(Temporal.PlainDateTime)
  local: Temporal.PlainDateTime;

  @IsInstance(Temporal.PlainYearMonth)
  month: Temporal.PlainYearMonth;

  @IsInstance(Temporal.Instant)
  at: Temporal.Instant;

  @InZone('Australia/Lord_Howe')
  @IsInstance(Temporal.ZonedDateTime)
  there: Temporal.ZonedDateTime;

  @IsOptional()
  @IsInstance(Temporal.PlainDate)
  until: Temporal.PlainDate | null = null;
}

const VISIT = {
  day: '2026-03-01',
  from: '09:30',
  local: '2026-03-29T02:30',
  month: '2026-03',
  at: '2026-03-01T10:00',
  there: '2026-03-01T10:00',
};
const READ = {
  day: '2026-03-01',
  from: '09:30:00',
  local: '2026-03-29T02:30:00',
  month: '2026-03',
  at: '2026-03-01T09:00:00Z',
  there: '2026-03-01T10:00:00+11:00[Australia/Lord_Howe]',
  until: null,
};

class Stop {
  @IsInstance(Temporal.PlainTime)
  at: Temporal.PlainTime;

  @IsOptional()
  @Type(() => Date)
  @IsDate()
  on?: Date;
}

@LiveComponent('diary', { template: '<p>{{day}} {{#each stops}}{{at}} {{/each}}{{seen}} {{said}}</p>' })
class Diary {
  @State({ bind: true }) day = Temporal.PlainDate.from('2026-01-01');
  @State({ bind: true }) at: Temporal.Instant = Temporal.Instant.from('2026-01-01T00:00Z');

  @Type(() => Stop)
  @ValidateNested({ each: true })
  @State({ bind: true })
  stops: Stop[] = [];

  @State() said = '';

  @Url({ type: Temporal.PlainDate }) seen = Temporal.PlainDate.from('2026-01-01');

  @OnEvent()
  visit(@Payload() visit: Visit) {
    this.said = JSON.stringify(visit);
  }

  @OnEvent()
  on(@Payload('day') day: Temporal.PlainDate, @Payload('at') at?: Temporal.Instant) {
    this.said = [day, at].join(' ');
  }

  onUpdate({ fields }: FieldChange) {
    this.said = fields.includes('seen') ? 'updated' : '';
  }

  @OnEvent()
  keep(@Payload('value') value: string) {
    this.seen = Temporal.PlainDate.from(value);
  }

  @OnEvent()
  nothing() {
    return undefined;
  }
}

const taken: { visit?: Visit } = {};
const FIELDS = ['day', 'from', 'local', 'month', 'at', 'there', 'until'];
const TYPES = ['date', 'datetime-local', 'month', 'week', 'time', 'text'];

@LiveComponent('visit', {
  template: `<form live-submit="submit" novalidate>{{#each fields}}{{#with this as |name|}}{{#each @root.types}}
    <input data-type="{{this}}" data-name="{{name}}" value="{{value name type=this}}">{{/each}}{{/with}}{{/each}}
    {{field 'day' type='date'}}{{field 'from' type='time'}}{{field 'local' type='datetime-local'}}{{field 'month' type='month'}}
    {{field 'at' type='datetime-local'}}{{field 'there' type='datetime-local'}}{{field 'until' type='date'}}</form>`,
})
class VisitForm extends FormComponent<Visit> {
  @State() fields = FIELDS;
  @State() types = TYPES;

  protected readonly dto = Visit;

  protected override initial() {
    return {
      day: Temporal.PlainDate.from('2026-03-01'),
      from: Temporal.PlainTime.from('09:30:15.123456789'),
      local: Temporal.PlainDateTime.from('2026-03-29T02:30:00.000000001'),
      month: Temporal.PlainYearMonth.from('2026-03'),
      at: Temporal.Instant.from('2026-10-25T01:30:00.000000001Z'),
      there: Temporal.ZonedDateTime.from('2026-10-25T02:30:00+01:00[Europe/Berlin]'),
    };
  }

  protected onSubmit(visit: Visit) {
    taken.visit = visit;
  }
}

const written = (visit: Visit | undefined): unknown => JSON.parse(JSON.stringify(visit));

describe.each(['UTC', 'Europe/Berlin', 'America/St_Johns'])('values of Temporal, in an application of %s', (zone) => {
  let live: LiveTest;

  beforeAll(() => {
    Object.assign(globalThis, { Temporal });
  });

  afterEach(() => live.close());

  const start = async (providers: unknown[] = []) => {
    live = await LiveTest.create({ providers: [Diary, VisitForm, ...(providers as [])], options: { zone } });
  };
  const local = (text: string): string =>
    Temporal.PlainDateTime.from(text).toZonedDateTime(zone).toInstant().toString();

  it('are read from payloads by one rule', async () => {
    await start();
    const diary = await live.mount(Diary);
    await diary.emit('visit', VISIT);
    expect(JSON.parse(String(diary.state.said))).toEqual({ ...READ, at: local(VISIT.at) });
    await diary.emit('on', { day: '2026-W10', at: '2026-03-01T10:00' });
    expect(diary.state.said).toBe(`2026-03-02 ${local(VISIT.at)}`);
    await diary.emit('on', { day: '2026-03-02' });
    expect(diary.state.said).toBe('2026-03-02 ');
    for (const payload of [{ day: '2026-02-30' }, { day: 1 }, { day: '2026-03-02', at: '10:00' }])
      expect(await diary.emit('on', payload)).toMatchObject({ ok: false, error: { code: 'VALIDATION_FAILED' } });
    const wrong = {
      day: 'abc 12',
      from: '1',
      local: '2026-03-01T10:00Z',
      month: '2026-3',
      at: 5,
      there: '',
      until: '1',
    };
    const refused = await diary.emit('visit', wrong);
    expect(refused).toMatchObject({
      error: {
        code: 'VALIDATION_FAILED',
        fields: {
          day: ['must be a day'],
          from: ['must be a time of day'],
          local: ['must be a day and a time'],
          month: ['must be a month'],
          at: ['must be a point in time'],
          there: ['must be a point in time'],
          until: ['must be a day'],
        },
      },
    });
  });

  it('have an offset from UTC that clocks of their zone have, or are refused', async () => {
    await start();
    const diary = await live.mount(Diary);
    for (const there of ['2026-04-05T10:00+02:00[Europe/Berlin]', '2026-04-05T10:00+05:30[+05:30]'])
      expect(await diary.emit('visit', { ...VISIT, there })).toMatchObject({ ok: true });
    for (const there of ['2026-04-05T10:00+05:00[Europe/Berlin]', '2026-04-05T10:00+02:00[+05:30]'])
      expect(await diary.emit('visit', { ...VISIT, there })).toMatchObject({
        error: { fields: { there: ['must be a point in time'] } },
      });
  });

  it('are kept, bound and printed', async () => {
    await start();
    const diary = await live.mount(Diary);
    expect(diary.html).toContain('2026-01-01');
    await diary.fill({ day: '2026-03-01', stops: [{ at: '10:00' }], at: '2026-03-01T10:00' });
    await diary.emit('nothing');
    expect(diary.state.day).toBeInstanceOf(Temporal.PlainDate);
    expect(String(diary.state.day)).toBe('2026-03-01');
    expect(String(diary.state.at)).toBe(local('2026-03-01T10:00'));
    expect(String(diary.state.stops?.[0]?.at)).toBe('10:00:00');
    expect(diary.html).toContain('2026-03-01 10:00:00');
    for (const fields of [
      { day: '2026-02-30' },
      { day: '2026-03-01T10:00' },
      { stops: [{ at: '1' }] },
      { stops: [{ at: '10:00', on: 'abc 12' }] },
      { at: '10:00' },
    ])
      expect(await diary.fill(fields)).toMatchObject({ ok: false, error: { code: 'VALIDATION_FAILED' } });
  });

  it('stand in the address of a page', async () => {
    await start();
    const diary = await live.mount(Diary);
    await diary.emit('$url', '/?seen=2026-02-03');
    expect(diary.html).toContain('2026-02-03 updated');
    await diary.emit('$url', '/?seen=2026-02-30');
    expect(diary.html).toContain('2026-01-01 updated');
    expect(await diary.emit('keep', { value: '2026-04-05' })).toMatchObject({
      effects: { url: { query: { seen: ['2026-04-05'] } } },
    });
  });

  it('come back from a form as they were shown in any control', async () => {
    await start();
    const form = await live.mount(VisitForm);
    const before = {
      day: '2026-03-01',
      from: '09:30:15.123456789',
      local: '2026-03-29T02:30:00.000000001',
      month: '2026-03',
      at: '2026-10-25T01:30:00.000000001Z',
      there: '2026-10-25T02:30:00+01:00[Europe/Berlin]',
      until: null,
    };
    for (const type of TYPES) {
      const shown = [...form.html.matchAll(/data-type="([^"]*)" data-name="([^"]*)" value="([^"]*)"/g)]
        .filter(([, of]) => of === type)
        .map(([, , name, value]) => [name, value] as const);
      await form.emit('submit', Object.fromEntries(shown));
      expect(form.state.fieldErrors).toEqual({});
      expect(written(taken.visit)).toEqual(before);
      expect(taken.visit?.there).toBeInstanceOf(Temporal.ZonedDateTime);
    }
    await form.fill({ day: '2026-04-05' }).submit();
    expect(written(taken.visit)).toEqual({ ...before, day: '2026-04-05' });
    await form.fill({ there: '2026-04-05T10:00', at: '2026-04-05T10:00', from: '10:00' }).submit();
    expect(written(taken.visit)).toEqual({
      ...before,
      day: '2026-04-05',
      from: '10:00:00',
      at: local('2026-04-05T10:00'),
      there: '2026-04-05T10:00:00+10:30[Australia/Lord_Howe]',
    });
    await form.emit('submit', { day: '2026-02-30', month: '' });
    expect(form.state.fieldErrors).toMatchObject({ day: ['must be a day'] });
  });

  it('pass a validation pipe of the application', async () => {
    await start([{ provide: APP_PIPE, useValue: new ValidationPipe({ transform: true, whitelist: true }) }]);
    const diary = await live.mount(Diary);
    await diary.emit('on', { day: '2026-W10', at: '2026-03-01T10:00' });
    expect(diary.state.said).toBe(`2026-03-02 ${local(VISIT.at)}`);
    await diary.emit('visit', VISIT);
    expect(JSON.parse(String(diary.state.said))).toEqual({ ...READ, at: local(VISIT.at) });
  });
});
