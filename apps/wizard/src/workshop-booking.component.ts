import { LiveComponent, LivePublisher, OnEvent, OnTopic, RateLimits, State, Url, type LiveContext } from 'nest-live';
import type { BeforeRender, OnHydrate, OnUpdate } from 'nest-live';
import { WizardComponent, type Initial } from 'nest-live/forms';

import { Choice, Guest, Wishes, type Booking } from './booking.js';
import { priceOf } from './price.js';
import { EXTRAS, WORKSHOPS, Workshops } from './workshops.js';

/** Complete bookings; going to and fro is free. */
const LIMITS = [{ limit: 6, windowMs: 60_000 }];

const ONE_PLACE: Initial<Booking> = { choice: { places: 1 } };

const TITLES: Readonly<Record<string, string>> = {
  guest: 'Who comes',
  choice: 'Which workshop',
  wishes: 'Extras',
  review: 'Review',
};

/**
 * A place in a workshop, in three steps and a review. What was entered is kept for a reload (`persist`), and the step
 * stands in the address, so that the browser's own “back” goes a step back.
 */
@LiveComponent('workshop-booking', { persist: true })
export class WorkshopBooking extends WizardComponent<Booking> implements OnUpdate, OnHydrate, BeforeRender {
  /** The step, as the address says it. Anybody may write there: it leads to steps that were reached, and no further. */
  @Url({ as: 'step', history: 'push' }) at = '';

  /** Number of the booking that was made; the steps are shown without one. */
  @State() number = '';
  @State() bookedFor = '';

  protected readonly steps = { guest: Guest, choice: Choice, wishes: Wishes };

  constructor(
    private readonly workshops: Workshops,
    private readonly limits: RateLimits,
    private readonly live: LivePublisher,
  ) {
    super();
  }

  protected override initial(): Initial<Booking> {
    return ONE_PLACE;
  }

  protected async onSubmit({ guest, choice }: Booking, ctx: LiveContext): Promise<void> {
    await this.limits.enter(ctx, LIMITS);
    const number = this.workshops.book(ctx.eventKey ?? ctx.id, choice);
    if (number === undefined) {
      const left = this.workshops.left(choice.workshop);
      this.addError('choice.places', left === 0 ? 'It was sold out a moment ago.' : `Only ${left} left by now.`);
      return;
    }
    this.number = number;
    this.bookedFor = guest.email;
    this.reset(ONE_PLACE);
    await this.live.broadcast('workshops');
  }

  @OnEvent()
  another(): void {
    this.number = '';
    // A second click on “Book” found an empty wizard, and said so at its first step.
    this.reset(ONE_PLACE);
  }

  /** Somebody else has booked. */
  @OnTopic('workshops')
  onBooked(): void {}

  /** After a reload: an address that names no step means the one where one was. */
  async onHydrate(): Promise<void> {
    if (this.at !== '' && this.at !== this.step) await this.showReached(this.at);
  }

  /** Back and forward. */
  async onUpdate(): Promise<void> {
    await this.showReached(this.at || 'guest');
  }

  beforeRender() {
    this.at = this.step === 'guest' ? '' : this.step;
    const answers = { ...this.answers, ...(this.isReview ? {} : { [this.step]: this.data }) };
    return {
      on: { [this.step]: true },
      title: TITLES[this.step],
      trail: [...this.progress.map(({ name }) => name), 'review'].map((name, place) => ({
        name,
        number: place + 1,
        title: TITLES[name],
        isCurrent: name === this.step,
        isReached: place < this.reached,
      })),
      workshops: WORKSHOPS.map((workshop) => ({ ...workshop, left: this.workshops.left(workshop.id) })),
      chosen: WORKSHOPS.find(({ id }) => id === answers.choice?.workshop),
      extras: [...EXTRAS].map(([name, extra]) => ({ name, ...extra })),
      wanted: [...EXTRAS].flatMap(([name, { title }]) => (isAmong(answers.wishes?.extras, name) ? [title] : [])),
      sum: priceOf(answers),
    };
  }
}

/** What was entered is only looked at here: whether it holds, the DTO says. */
const isAmong = (entered: unknown, name: string): boolean => Array.isArray(entered) && entered.includes(name);
