import { isDeepStrictEqual } from 'node:util';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LiveTest } from 'nest-live/testing';
import type { Browser } from 'playwright-core';

import { launchChromium } from '../browser/chromium.js';
import { openSite, type Site } from '../browser/site.js';
import { BookingWizard, CommentForm, OrderForm, received } from './every-way.components.js';
import { WAYS, type Entry, type Outcome, type Place } from './every-way.ways.js';

/** One sending of a form, and what has to come of it. */
interface Step extends Outcome {
  readonly event: string;
  readonly entries: readonly Entry[];
}

interface FormTest {
  readonly component: string;
  readonly what: string;
  readonly steps: readonly Step[];
  /** What the handlers were given, in the end. */
  readonly received: unknown;
}

const texts = (all: Readonly<Record<string, string>>): Entry[] =>
  Object.entries(all).map(([name, text]) => ({ name, text }));

const ORDER: readonly Entry[] = [
  ...texts({
    text: 'Zoë & “O’Hara” <b>\ntwo + 2 = 100 %',
    'address[city]': 'London',
    'lines[0][name]': 'Tea',
    'lines[0][amount]': '3',
    'lines.1.name': 'Jam',
    'lines.1.amount': '1',
    day: '2026-03-01',
  }),
  { name: 'isGift', box: true },
  { name: 'colours', value: 'red', box: true },
  { name: 'colours', value: 'blue', box: true },
  { name: 'sizes[]', chosen: ['1', '3'] },
  { name: 'by', chosen: ['shop'] },
];

const FORMS: readonly FormTest[] = [
  {
    component: 'order',
    what: 'nested fields, a list, boxes, choices and a date, at first wrong',
    steps: [
      {
        event: 'submit',
        entries: [
          ...texts({ text: '', 'address[city]': 'x', 'lines[0][amount]': 'many', 'lines.1.amount': '12' }),
          { name: 'by', chosen: ['post'] },
        ],
        count: '0',
        errors: {
          'address.city': ['needs a city'],
          'lines.0.name': ['needs a name'],
          'lines.0.amount': ['must be a number'],
          'lines.1.name': ['needs a name'],
          'lines.1.amount': ['is too many'],
          day: ['day must be a Date instance'],
        },
      },
      { event: 'submit', entries: ORDER, count: '1', errors: {} },
    ],
    received: [
      {
        text: 'Zoë & “O’Hara” <b>\ntwo + 2 = 100 %',
        address: { city: 'London' },
        lines: [
          { name: 'Tea', amount: 3 },
          { name: 'Jam', amount: 1 },
        ],
        isGift: true,
        colours: ['red', 'blue'],
        sizes: [1, 3],
        day: new Date('2026-03-01T00:00:00Z'),
        by: 'shop',
      },
    ],
  },
  {
    component: 'booking',
    what: 'several steps, one of them wrong at first',
    steps: [
      { event: 'next', entries: texts({ email: 'nobody' }), count: '0', errors: { email: ['is no address'] } },
      { event: 'next', entries: texts({ email: 'ada@example.org' }), count: '0', errors: {} },
      { event: 'next', entries: [...texts({ seats: '2' }), { name: 'window', box: true }], count: '0', errors: {} },
      { event: 'submit', entries: [], count: '1', errors: {} },
    ],
    received: [{ contact: { email: 'ada@example.org' }, party: { seats: 2, window: true } }],
  },
  {
    component: 'comment',
    what: 'a DTO of a handler, at first wrong',
    steps: [
      {
        event: 'submit',
        entries: [...texts({ text: 'x', stars: '7' }), { name: 'isPublic', box: true }],
        count: '0',
        errors: {
          text: ['text must be longer than or equal to 2 characters'],
          stars: ['stars must not be greater than 5'],
        },
      },
      {
        event: 'submit',
        entries: [...texts({ text: 'fine\nindeed', stars: '4' }), { name: 'isPublic', box: true }],
        count: '1',
        errors: {},
      },
    ],
    received: [{ text: 'fine\nindeed', stars: 4, isPublic: true }],
  },
];

const PROVIDERS = [OrderForm, BookingWizard, CommentForm];

describe('a form means the same', () => {
  let site: Site;
  let browser: Browser;
  let kit: LiveTest;

  beforeAll(async () => {
    browser = await launchChromium();
    site = await openSite({ providers: PROVIDERS });
    kit = await LiveTest.create({ providers: PROVIDERS });
  }, 60_000);

  afterAll(async () => {
    await kit.close();
    await site.close();
    await browser.close();
  });

  beforeEach(() => {
    received.length = 0;
  });

  /** Until it is what is expected, or the time is over and it says what it is instead. */
  const until = async (read: () => Promise<Outcome>, expected: Outcome): Promise<void> => {
    const end = Date.now() + 6_000;
    let shown = await read();
    while (!isDeepStrictEqual(shown, expected) && Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      shown = await read().catch(() => shown);
    }
    expect(shown).toEqual(expected);
  };

  describe.each(FORMS)('with $what', ({ component, steps, received: wanted }) => {
    it.each(WAYS)('by $name', async ({ open }) => {
      const place: Place = { url: site.url, browser, kit };
      const form = await open(place, component);
      try {
        for (const { event, entries, count, errors } of steps) {
          await form.send(event, entries);
          await until(() => form.outcome(), { count, errors });
        }
        expect(JSON.parse(JSON.stringify(received))).toEqual(JSON.parse(JSON.stringify(wanted)));
      } finally {
        await form.close();
      }
    });
  });
});
