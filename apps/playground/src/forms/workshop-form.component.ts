import { Computed, LiveComponent, OnEvent, Payload, State } from 'nest-live';
import { FormComponent, type Initial } from 'nest-live/forms';

import { LANGUAGES, LEVELS, MEALS, Registration, TOPICS } from './registration.js';

interface Received {
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

const MAX_GUESTS = 4;

@LiveComponent('workshop-form')
export class WorkshopForm extends FormComponent<Registration> {
  /** What the newest registration consists of. */
  @State() received: Received[] = [];

  protected readonly dto = Registration;

  @Computed()
  get choices() {
    return { topics: TOPICS, meals: MEALS, languages: LANGUAGES, levels: LEVELS };
  }

  @Computed()
  get isFull(): boolean {
    return this.guests.length >= MAX_GUESTS;
  }

  @OnEvent()
  addGuest(): void {
    if (!this.isFull) {
      this.setValue('guests', [...this.guests, { name: '' }]);
    }
  }

  @OnEvent()
  async removeGuest(@Payload('place') place: string): Promise<void> {
    this.setValue(
      'guests',
      this.guests.filter((_, index) => index !== Number(place)),
    );
    await this.check();
  }

  protected override initial(): Initial<Registration> {
    return { seats: 1, budget: 40, level: 'Beginner', languages: ['English'], guests: [] };
  }

  protected onSubmit(registration: Registration): void {
    this.received = Object.entries(registration).map(([name, value]) => ({
      name,
      type: typeOf(value),
      value: value === undefined ? '' : JSON.stringify(value),
    }));
  }

  private get guests(): readonly object[] {
    return (this.value('guests') ?? []) as readonly object[];
  }
}

const typeOf = (value: unknown): string =>
  typeof value === 'object' && value !== null ? value.constructor.name : typeof value;
