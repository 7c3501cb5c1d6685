import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LiveTest, type MountedComponent } from 'nest-live/testing';

import { WorkshopBooking } from './workshop-booking.component.js';
import { Workshops } from './workshops.js';

const GUEST = { name: 'Ada Lovelace', email: 'ada@example.org' };
const CHOICE = { workshop: 'glazing', places: '2' };

describe('the booking of a workshop', () => {
  let live: LiveTest;
  let booking: MountedComponent<WorkshopBooking>;

  beforeEach(async () => {
    live = await LiveTest.create({
      providers: [Workshops, WorkshopBooking],
      options: { rendering: { templates: [join(import.meta.dirname, '../templates')] } },
    });
    booking = await live.mount(WorkshopBooking);
  });

  afterEach(() => live.close());

  const left = (): number => live.app.get(Workshops).left('glazing');
  const toReview = async (on = booking): Promise<void> => {
    await on.emit('next', GUEST);
    await on.emit('next', CHOICE);
    await on.emit('next', { extras: ['lunch'], note: 'No nuts' });
  };

  it('goes through three steps and a review to a number, and takes the places', async () => {
    await toReview();
    expect(booking.state.step).toBe('review');
    expect(booking.html).toContain('Glazes and fire');
    expect(booking.html).toContain('Book for 168 €');
    expect(left()).toBe(2);
    await booking.emit('submit');
    expect(booking.html).toMatch(/W-\d{5}/);
    expect(left()).toBe(0);
    await booking.emit('submit');
    expect(live.app.get(Workshops).left('glazing')).toBe(0);

    await booking.emit('another');
    expect(booking.state.step).toBe('guest');
    expect(booking.html).toContain('name="name" value=""');
    expect(booking.html).not.toContain('Tell us your name.');
  });

  it('stays at a step that does not hold, and says why', async () => {
    await booking.emit('next', { name: '', email: 'ada', phone: 'none' });
    expect(booking.state.step).toBe('guest');
    expect(Object.keys(booking.state.fieldErrors ?? {}).sort()).toEqual(['email', 'name', 'phone']);
    await booking.emit('next', { ...GUEST, phone: '' });
    await booking.emit('next', { workshop: 'none', places: '9' });
    expect(Object.keys(booking.state.fieldErrors ?? {}).sort()).toEqual(['places', 'workshop']);
  });

  it('says at the step in question that somebody else was quicker', async () => {
    await toReview();
    const other = await live.mount(WorkshopBooking);
    await toReview(other);
    await other.emit('submit');
    expect(await booking.emit('submit')).toMatchObject({ ok: true, valid: false });
    expect(booking.state.step).toBe('choice');
    expect(booking.html).toContain('It was sold out a moment ago.');
    expect(booking.html).toContain('Sold out');
  });

  it('follows the address to steps that were reached, and no further', async () => {
    await booking.emit('$url', '/wizard?step=review');
    expect(booking.state.step).toBe('guest');
    await booking.emit('next', GUEST);
    expect(booking.effects.url).toMatchObject({ query: { step: ['choice'] }, by: 'pushState' });
    await booking.emit('change', CHOICE);
    await booking.emit('$url', '/wizard');
    expect(booking.state.step).toBe('guest');
    expect(booking.html).toContain('value="Ada Lovelace"');
    await booking.emit('$url', '/wizard?step=choice');
    expect(booking.state).toMatchObject({ step: 'choice', data: { workshop: 'glazing', places: '2' } });
    await booking.emit('$url', '/wizard?step=review');
    expect(booking.state.step).toBe('choice');
  });

  it('counts what it costs while one chooses', async () => {
    await booking.emit('next', GUEST);
    expect(booking.html).toContain('Nothing chosen yet.');
    await booking.emit('change', { workshop: 'throwing', places: '3' });
    expect(booking.html).toContain('255 €');
  });

  it('marks the step one is at, and leads back to those before', async () => {
    await booking.emit('next', GUEST);
    expect(booking.html.match(/aria-current="step"/g)).toHaveLength(1);
    await booking.emit('next', { ...CHOICE, go: 'guest', step: 'choice' });
    expect(booking.state.step).toBe('guest');
    await booking.emit('next', { ...GUEST, step: 'guest' });
    expect(booking.state.data).toMatchObject(CHOICE);
  });
});
