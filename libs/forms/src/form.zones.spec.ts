import { afterEach, describe, expect, it } from '@jest/globals';
import { Type } from 'class-transformer';
import { IsDate, IsInt, IsString, ValidateNested } from 'class-validator';
import { InZone, LiveComponent, State } from 'nest-live';
import { LiveTest } from 'nest-live/testing';

import { FormComponent } from './index.js';

class Stop {
  @IsInt()
  at: number;

  @IsDate()
  when: Date;

  @InZone('Australia/Lord_Howe')
  @IsDate()
  there: Date;
}

class Trip {
  @IsString()
  name: string;

  @IsDate()
  at: Date;

  @IsDate()
  day: Date;

  @InZone('Asia/Kathmandu')
  @IsDate()
  there: Date;

  @InZone('visitor')
  @IsDate()
  here: Date;

  @Type(() => Stop)
  @ValidateNested({ each: true })
  stops: Stop[];
}

const received: { trip?: Trip } = {};
const FIELDS = ['at', 'day', 'there', 'here', 'stops.0.when', 'stops.0.there'];
const TYPES = ['date', 'datetime-local', 'month', 'week', 'time', 'text'];

@LiveComponent('trip', {
  template: `<form live-submit="submit" novalidate>{{#each fields}}{{#with this as |name|}}{{#each @root.types}}
    <input data-type="{{this}}" data-name="{{name}}" value="{{value name type=this}}">{{/each}}{{/with}}{{/each}}
    {{field 'at' type='datetime-local'}}</form>`,
})
class TripForm extends FormComponent<Trip> {
  @State() fields = FIELDS;
  @State() types = TYPES;

  protected readonly dto = Trip;

  protected override initial({ moment }: { moment: string }) {
    const date = new Date(moment);
    return { name: 'x', at: date, day: date, there: date, here: date, stops: [{ at: 1, when: date, there: date }] };
  }

  protected onSubmit(trip: Trip) {
    received.trip = trip;
  }
}

describe.each(['UTC', 'Europe/Berlin', 'America/St_Johns', 'Asia/Kolkata', 'Australia/Lord_Howe', 'visitor'])(
  'times in %s',
  (zone) => {
    let live: LiveTest;

    const open = async (moment: string) => {
      live = await LiveTest.create({ providers: [TripForm], options: { zone } });
      return live.mount(TripForm, { moment });
    };

    afterEach(() => live.close());

    it.each([
      '2026-03-29T01:30:00Z',
      '2026-10-25T00:30:00Z',
      '2026-10-25T01:30:00Z',
      '2026-04-04T15:10:05.25Z',
      '1969-12-31T23:59:00Z',
    ])('are untouched when they come back as each control shows them: %s', async (moment) => {
      const form = await open(moment);
      for (const type of TYPES) {
        const shown = [...form.html.matchAll(/data-type="([^"]*)" data-name="([^"]*)" value="([^"]*)"/g)]
          .filter(([, of]) => of === type)
          .map(([, , name, value]) => [name, value]);
        expect(shown).toHaveLength(FIELDS.length);
        await form.emit('submit', { name: type, ...Object.fromEntries(shown), 'stops.0.at': '1' });
        expect(form.state.fieldErrors).toEqual({});
        const date = new Date(moment);
        expect(received.trip).toMatchObject({ at: date, day: date, there: date, here: date });
      }
    });

    it('are read as they are shown when somebody edits them', async () => {
      const form = await open('2026-07-01T12:00:00Z');
      const shownNow = () => / name="at" value="([^"]*)"/.exec(form.html)?.[1];
      for (const text of ['2026-07-01T10:17', '2026-01-01T00:00', '2026-07-01T23:59']) {
        await form.emit('submit', { at: text });
        expect(form.state.fieldErrors).toEqual({});
        const reopened = await live.mount(TripForm, { moment: received.trip?.at.toISOString() });
        expect(/ name="at" value="([^"]*)"/.exec(reopened.html)?.[1]).toBe(text);
        expect(shownNow()).toBe(text);
      }
    });
  },
);

describe('the zone', () => {
  let live: LiveTest;

  afterEach(() => live.close());

  it('of a visitor is told by an event, which changes nothing but what is shown', async () => {
    live = await LiveTest.create({ providers: [TripForm] });
    const form = await live.mount(TripForm, { moment: '2026-07-01T12:00:00Z' });
    const here = () => /data-type="datetime-local" data-name="here" value="([^"]*)"/.exec(form.html)?.[1];
    expect(here()).toBe('2026-07-01T12:00');
    await form.emit('$zone', 'Asia/Kolkata');
    expect(here()).toBe('2026-07-01T17:30');
    await form.emit('submit', { here: '2026-07-01T17:30' });
    expect(received.trip?.here).toEqual(new Date('2026-07-01T12:00Z'));
    await form.emit('submit', { here: '2026-07-01T18:30' });
    expect(received.trip?.here).toEqual(new Date('2026-07-01T13:00Z'));
    for (const wrong of ['Mars/Base', '', 5, null])
      expect(await form.emit('$zone', wrong)).toMatchObject({ ok: false, error: { code: 'BAD_FRAME' } });
  });
});
