import { randomInt } from 'node:crypto';

import { Injectable } from '@nestjs/common';

/** What one can book a place in. */
export interface Workshop {
  readonly id: string;
  readonly title: string;
  readonly when: string;
  readonly about: string;
  readonly euros: number;
  readonly places: number;
}

export const WORKSHOPS: readonly Workshop[] = [
  {
    id: 'throwing',
    title: 'Throwing on the wheel',
    when: 'Saturday 14 March, 10:00',
    about: 'A bowl and a cup, from a lump of clay',
    euros: 85,
    places: 8,
  },
  {
    id: 'glazing',
    title: 'Glazes and fire',
    when: 'Sunday 15 March, 10:00',
    about: 'Mix six glazes and see what the kiln makes of them',
    euros: 70,
    places: 2,
  },
  {
    id: 'handbuilding',
    title: 'Building by hand',
    when: 'Saturday 21 March, 14:00',
    about: 'Plates and vases without a wheel, for beginners',
    euros: 60,
    places: 10,
  },
];

/** What may come with a place, by the value of its box. */
export const EXTRAS: ReadonlyMap<string, { readonly title: string; readonly euros: number }> = new Map([
  ['lunch', { title: 'Lunch at the long table', euros: 14 }],
  ['apron', { title: 'An apron to keep', euros: 22 }],
  ['parking', { title: 'A place to park', euros: 5 }],
]);

/** Names of bookings that are kept, so that an event which runs twice takes its places once. */
const MAX_BOOKINGS = 1_000;

/** A demo opens again in the morning. */
const REOPENED_MS = 12 * 60 * 60_000;

interface Taken {
  readonly workshop: string;
  readonly places: number;
  readonly number: string;
  readonly at: number;
}

/** How many places are left, in memory; a real studio asks its database, in the transaction that takes them. */
@Injectable()
export class Workshops {
  /** By the event that took them. */
  private readonly taken = new Map<string, Taken>();

  left(id: string): number {
    const workshop = WORKSHOPS.find((known) => known.id === id);
    const from = Date.now() - REOPENED_MS;
    const booked = [...this.taken.values()].filter((taken) => taken.workshop === id && taken.at > from);
    return Math.max(0, (workshop?.places ?? 0) - booked.reduce((sum, { places }) => sum + places, 0));
  }

  /** @returns the number of the booking, or undefined when there are not as many places left */
  book(key: string, { workshop, places }: { readonly workshop: string; readonly places: number }): string | undefined {
    const known = this.taken.get(key);
    if (known) return known.number;
    if (places > this.left(workshop)) return undefined;
    const number = `W-${randomInt(10_000, 100_000)}`;
    this.taken.set(key, { workshop, places, number, at: Date.now() });
    const [oldest] = this.taken.keys();
    if (this.taken.size > MAX_BOOKINGS && oldest !== undefined) this.taken.delete(oldest);
    return number;
  }
}
