import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { IsDate, IsEmail, IsIn, IsInt, IsNotEmpty, IsOptional, IsString, Min } from 'class-validator';
import { LiveComponent, LiveError, OnEvent, Payload, State, type LiveContext } from 'nest-live';
import { LiveTest, type MountedComponent } from 'nest-live/testing';

import { WizardComponent, type Initial } from './index.js';

class Contact {
  @IsEmail({}, { message: 'is no address' })
  email: string;

  @IsString()
  @IsNotEmpty({ message: 'needs a name' })
  name: string;
}

class Trip {
  @IsInt({ message: 'must be a whole number' })
  @Min(1, { message: 'needs somebody' })
  seats: number;

  @IsOptional()
  @IsDate()
  day?: Date;
}

class Payment {
  @IsIn(['card', 'bill'], { message: 'is no way to pay' })
  way: string;
}

interface Booking {
  contact: Contact;
  trip: Trip;
  payment: Payment;
}

const booked = jest.fn<(booking: Booking) => void>();

@LiveComponent('booking', {
  template: `<form live-submit="next"><ol>{{#each progress}}<li>{{name}}{{#if isCurrent}}!{{/if}}</li>{{/each}}</ol>
    <input type="hidden" name="step" value="{{step}}">
    {{#if isReview}}<p>{{answer 'contact.email'}} on {{answer 'trip.day'}}</p>
    {{else}}<input id="{{fieldId 'email'}}" name="email" value="{{value 'email'}}">{{/if}}
    {{#fieldErrors 'email'}}<b>{{this}}</b>{{/fieldErrors}}{{#fieldErrors ''}}<i>{{this}}</i>{{/fieldErrors}}
    <button name="go" value="back">Back</button></form>`,
})
class BookingWizard extends WizardComponent<Booking> {
  @State() visits: string[] = [];
  protected readonly steps = { contact: Contact, trip: Trip, payment: Payment };

  protected override initial(props: { name?: string }): Initial<Booking> {
    return props.name === undefined ? {} : { contact: { name: props.name, isStaff: true } as { name: string } };
  }

  protected onSubmit(booking: Booking): void {
    booked(booking);
    if (booking.contact.name === 'Mallory') {
      this.addError('contact.name', 'is not welcome');
    }
    if (booking.contact.name === 'Eve') {
      this.addError('', 'We are full');
    }
    if (booking.contact.name === 'Trudy') {
      throw new LiveError('VALIDATION_FAILED', 'no', { fields: { '': ['We are full'], 'trip.seats': ['too many'] } });
    }
    if (booking.contact.name === 'Grace') {
      this.reset();
    }
  }

  @OnEvent()
  look(): void {}

  /** As a class does whose step stands in the address. */
  @OnEvent()
  async visit(@Payload('step') step: string): Promise<void> {
    if (!(await this.showReached(step))) {
      this.visits.push(step);
    }
  }
}

@LiveComponent('brief', { template: '<form></form>' })
class Brief extends WizardComponent<Pick<Booking, 'contact' | 'payment'>> {
  protected readonly steps = { contact: Contact, payment: Payment };
  protected override readonly hasReview = false;

  protected onSubmit(value: Pick<Booking, 'contact' | 'payment'>, _ctx: LiveContext): void {
    booked(value as Booking);
  }
}

const CONTACT = { email: 'ada@example.org', name: 'Ada' };
const TRIP = { seats: '2', day: '2026-08-01' };
const PAYMENT = { way: 'card' };

describe('A wizard', () => {
  let live: LiveTest;
  let wizard: MountedComponent<BookingWizard>;

  const toReview = async (contact = CONTACT): Promise<void> => {
    for (const payload of [contact, TRIP, PAYMENT]) await wizard.emit('next', payload);
  };

  beforeAll(async () => {
    live = await LiveTest.create({ providers: [BookingWizard, Brief] });
  });

  afterAll(() => live.close());

  beforeEach(async () => {
    booked.mockReset();
    wizard = await live.mount(BookingWizard);
  });

  it('goes on when its step holds, and stays with what is wrong when it does not', async () => {
    expect(wizard.state.step).toBe('contact');
    await wizard.emit('next', { email: 'nobody', name: '' });
    expect(wizard.valid).toBe(false);
    expect(wizard.state).toMatchObject({
      step: 'contact',
      fieldErrors: { email: ['is no address'], name: ['needs a name'] },
    });
    expect(wizard.html).toContain('value="nobody"');
    await wizard.emit('next', CONTACT);
    expect(wizard.valid).toBe(true);
    expect(wizard.state).toMatchObject({ step: 'trip', fieldErrors: {}, data: {} });
    expect(wizard.html).toContain('<li>trip!</li>');
  });

  it('shows all that was entered, and hands it over with the types of its DTOs', async () => {
    await toReview();
    expect(wizard.state.step).toBe('review');
    expect(wizard.html).toContain('ada@example.org on 2026-08-01');
    expect(booked).not.toHaveBeenCalled();
    await wizard.emit('submit');
    expect(wizard.valid).toBe(true);
    const [booking] = booked.mock.calls[0] ?? [];
    expect(booking?.contact).toBeInstanceOf(Contact);
    expect(booking?.trip).toEqual(Object.assign(new Trip(), { seats: 2, day: new Date('2026-08-01T00:00:00Z') }));
    expect(booking?.payment.way).toBe('card');
  });

  it('is led to a step that was reached, with all that was entered, and to no other', async () => {
    await wizard.emit('next', CONTACT);
    await wizard.emit('change', TRIP);
    await wizard.emit('visit', { step: 'contact' });
    expect(wizard.state).toMatchObject({ step: 'contact', data: CONTACT, visits: [] });
    await wizard.emit('visit', { step: 'trip' });
    expect(wizard.state).toMatchObject({ step: 'trip', data: TRIP });
    await wizard.emit('visit', { step: 'review' });
    expect(wizard.state).toMatchObject({ step: 'trip', visits: ['review'] });
  });

  it('loses nothing on the way back, whether it held or not', async () => {
    await wizard.emit('next', CONTACT);
    await wizard.emit('next', { seats: 'many', day: '2026-08-01', go: 'back' });
    expect(wizard.state).toMatchObject({ step: 'contact', data: CONTACT, fieldErrors: {} });
    expect(wizard.html).toContain('value="ada@example.org"');
    await wizard.emit('next', { ...CONTACT, name: 'Bea' });
    expect(wizard.state).toMatchObject({ step: 'trip', data: { seats: 'many', day: '2026-08-01' } });
    await wizard.emit('back');
    expect(wizard.state).toMatchObject({ step: 'contact', data: { name: 'Bea' } });
    await wizard.emit('goTo', { step: 'trip' });
    expect(wizard.state.data).toEqual({ seats: 'many', day: '2026-08-01' });
  });

  it('takes an event with its fields wherever it leads', async () => {
    await wizard.emit('back', { email: 'half', name: '' });
    expect(wizard.state).toMatchObject({ step: 'contact', data: { email: 'half' }, fieldErrors: {} });
  });

  it('goes only to steps that were reached', async () => {
    for (const step of ['trip', 'review', 'payment', '__proto__', 'constructor', undefined, '']) {
      const reply = await wizard.emit('goTo', { step });
      expect(reply).toMatchObject({ ok: false, error: { code: 'VALIDATION_FAILED' } });
      const pressed = await wizard.emit('next', { ...CONTACT, go: step ?? 'nowhere' });
      expect(pressed).toMatchObject({ ok: false });
    }
    expect(wizard.state.step).toBe('contact');
    await wizard.emit('next', CONTACT);
    expect(await wizard.emit('goTo', { step: 'contact' })).toMatchObject({ ok: true });
    expect(await wizard.emit('goTo', { step: 'trip' })).toMatchObject({ ok: true });
  });

  it('looks at every step again when it is submitted, whatever came before', async () => {
    const reply = await wizard.emit('submit', CONTACT);
    expect(reply).toMatchObject({ ok: true, valid: false });
    expect(wizard.state).toMatchObject({ step: 'trip', fieldErrors: { seats: expect.anything() } });
    await wizard.emit('next', TRIP);
    await wizard.emit('next', PAYMENT);
    // Back in the first step, something wrong is entered and left behind.
    await wizard.emit('goTo', { step: 'contact' });
    await wizard.emit('change', { name: 'email', value: 'nobody' });
    await wizard.emit('goTo', { step: 'review' });
    await wizard.emit('submit');
    expect(booked).not.toHaveBeenCalled();
    expect(wizard.valid).toBe(false);
    expect(wizard.state).toMatchObject({ step: 'contact', fieldErrors: { email: ['is no address'] } });
  });

  it('does not take a second click for one on the next step', async () => {
    await wizard.emit('next', { ...CONTACT, step: 'contact' });
    await wizard.emit('next', { ...CONTACT, step: 'contact' });
    expect(wizard.state).toMatchObject({ step: 'trip', fieldErrors: {}, data: {} });
    await wizard.emit('next', { ...TRIP, step: 'trip' });
    await wizard.emit('next', { ...PAYMENT, step: 'payment' });
    await wizard.emit('next', { ...PAYMENT, step: 'payment' });
    expect(wizard.state.step).toBe('review');
    await wizard.emit('next');
    expect(booked).not.toHaveBeenCalled();
  });

  it('leads to the step in which onSubmit() finds something wrong, until it is changed', async () => {
    await toReview({ ...CONTACT, name: 'Mallory' });
    await wizard.emit('submit');
    expect(wizard.valid).toBe(false);
    expect(wizard.state).toMatchObject({ step: 'contact', fieldErrors: { name: ['is not welcome'] } });
    await wizard.emit('change', { name: 'email', value: 'eve@example.org' });
    expect(wizard.state.fieldErrors).toEqual({ name: ['is not welcome'] });
    await wizard.emit('change', { name: 'name', value: 'Eve' });
    expect(wizard.state.fieldErrors).toEqual({});
  });

  it('shows in every step what onSubmit() finds wrong with the whole, and holds nobody up with it', async () => {
    await toReview({ ...CONTACT, name: 'Eve' });
    await wizard.emit('submit');
    expect(wizard.valid).toBe(false);
    expect(wizard.state).toMatchObject({ step: 'review', fieldErrors: { '': ['We are full'] } });
    for (const step of ['trip', 'contact', 'review', 'contact']) {
      await wizard.emit('goTo', { step });
      expect(wizard.html).toContain('<i>We are full</i>');
    }
    await wizard.emit('change', { name: 'name', value: 'Ada' });
    expect(wizard.html).toContain('<i>We are full</i>');
    await wizard.emit('next');
    expect(wizard.state).toMatchObject({ step: 'trip', fieldErrors: {} });
    await wizard.emit('next', { ...TRIP, go: 'submit' });
    expect(wizard.valid).toBe(true);
    expect(booked).toHaveBeenCalledTimes(2);
  });

  it('leads to a step that was refused beside the whole', async () => {
    await toReview({ ...CONTACT, name: 'Trudy' });
    await wizard.emit('submit');
    expect(wizard.state).toMatchObject({ step: 'trip', fieldErrors: { '': ['We are full'], seats: ['too many'] } });
  });

  it('shows what is wrong before a step was tried only where it was touched', async () => {
    await wizard.emit('change', { name: 'email', value: 'nobody' });
    expect(wizard.state.fieldErrors).toEqual({ email: ['is no address'] });
    await wizard.emit('look');
    expect(wizard.state.fieldErrors).toEqual({ email: ['is no address'] });
  });

  it('begins with what initial() gives, and anew where onSubmit() says so', async () => {
    wizard = await live.mount(BookingWizard, { name: 'Grace' });
    expect(wizard.state.data).toMatchObject({ name: 'Grace' });
    await toReview({ ...CONTACT, name: 'Grace' });
    await wizard.emit('submit');
    expect(wizard.valid).toBe(true);
    expect(wizard.state).toMatchObject({ step: 'contact', answers: {}, reached: 1, data: {} });
  });

  it('leaves out what no step declares', async () => {
    await wizard.emit('next', { ...CONTACT, isStaff: 'true', seats: '9', reached: '9' });
    expect(wizard.state).toMatchObject({ reached: 2, answers: { contact: CONTACT } });
    expect(JSON.stringify(wizard.state.answers)).not.toContain('isStaff');
  });

  it('keeps the ids of two steps apart', async () => {
    const [first] = /id="[^"]*-contact-email"/.exec(wizard.html) ?? [];
    expect(first).toBeDefined();
    await wizard.emit('next', CONTACT);
    expect(wizard.html).not.toContain(first);
  });

  it('submits from its last step where it has no review', async () => {
    const brief = await live.mount(Brief);
    await brief.emit('next', CONTACT);
    await brief.emit('next', { way: 'goats' });
    expect(brief.valid).toBe(false);
    await brief.emit('next', PAYMENT);
    expect(brief.valid).toBe(true);
    expect(booked).toHaveBeenCalledTimes(1);
  });

  it('does not start with a handler of its own for one of its events', async () => {
    @LiveComponent('skipping', { template: '<form></form>' })
    class Skipping extends Brief {
      @OnEvent()
      override async next(): Promise<void> {
        await Promise.resolve();
      }
    }
    await expect(LiveTest.create({ providers: [Skipping] })).rejects.toThrow(/handler of its own for "next"/);
  });
});
