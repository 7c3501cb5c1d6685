import { describe, expect, it } from '@jest/globals';

import { instantIn, shownBy, zoneNamed, type Clock } from './clock.js';
import { dateOf } from './date-text.js';

const ZONES = [
  ...[
    'America/New_York',
    'America/St_Johns',
    'Asia/Kathmandu',
    'Asia/Kolkata',
    'Australia/Lord_Howe',
    'Pacific/Chatham',
  ],
  ...['Pacific/Apia', 'Africa/Monrovia', 'Europe/Dublin', 'Africa/Casablanca', 'Asia/Beirut', 'UTC'],
];
const HOUR_MS = 60 * 60_000;

describe.each(ZONES)('a clock in %s', (zone) => {
  const clock: Clock = { zone, reads: 'all' };

  it('is read as it shows: the same moment, or the first of the two that look alike', () => {
    let seed = 7;
    const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    for (let round = 0; round < 400; round += 1) {
      const instant = Math.floor((random() - 0.4) * 8e12);
      const moment = shownBy(clock, instant);
      const read = instantIn(clock, { moment, isDay: false }) ?? NaN;
      expect([zone, instant, shownBy(clock, read)]).toEqual([zone, instant, moment]);
      expect(read === instant || (read < instant && instant - read <= 24 * HOUR_MS)).toBe(true);
    }
  });

  it('begins each day once', () => {
    for (let day = Date.UTC(2011, 0, 1); day < Date.UTC(2013, 0, 1); day += 24 * HOUR_MS) {
      const first = instantIn(clock, { moment: day, isDay: true }) ?? NaN;
      // A day that a whole zone has left out begins with the next one.
      if (shownBy(clock, first) >= day + 24 * HOUR_MS) continue;
      expect(shownBy(clock, first - 1)).toBeLessThan(day);
      expect(shownBy(clock, first)).toBeGreaterThanOrEqual(day);
    }
  });
});

describe('a text on a clock', () => {
  const at = (text: string, zone: string, reads: Clock['reads'] = 'times') =>
    dateOf(text, { zone, reads })?.toISOString();

  it('is no time where the clock leaves it out, and the first of two', () => {
    expect(at('2026-03-29T02:30', 'Europe/Berlin')).toBeUndefined();
    expect(at('2026-03-08T02:00', 'America/New_York')).toBeUndefined();
    expect(at('2026-10-25T02:30', 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000Z');
    expect(at('2026-10-25T02:30+01:00', 'Europe/Berlin')).toBe('2026-10-25T01:30:00.000Z');
    // Half an hour.
    expect(at('2026-10-04T02:15', 'Australia/Lord_Howe')).toBeUndefined();
  });

  it('has a zone where it is a time, and none where it is a day', () => {
    expect(at('2026-03-01', 'Asia/Kathmandu')).toBe('2026-03-01T00:00:00.000Z');
    expect(at('2026-03-01T00:00', 'Asia/Kathmandu')).toBe('2026-02-28T18:15:00.000Z');
    expect(at('2026-03-01', 'Asia/Kathmandu', 'all')).toBe('2026-02-28T18:15:00.000Z');
    // Midnight is left out there.
    expect(at('2026-03-29', 'Asia/Beirut', 'all')).toBe('2026-03-28T22:00:00.000Z');
  });

  it.each([
    ...[
      '2026-03-01T24:00',
      '2026-03-01T23:60',
      '2026-03-01T10:00:60',
      '2026-03-01T10',
      '2026-03-01T10:00+24:00',
      '24:00',
    ],
    ...[
      '2026-03T10:00',
      '2026-W54',
      '2026-W00',
      '10:00Z',
      '2026-02-29',
      '2026-3-1',
      '2026-13',
      '2026-03-01T10:00 Z',
      '',
    ],
  ])('is nothing when it is %j', (text) => {
    expect(dateOf(text)).toBeUndefined();
  });

  it.each([
    ['0050-01-01', '0050-01-01T00:00:00.000Z'],
    ['0050-W01', '0050-01-03T00:00:00.000Z'],
    ['-000043-03-15', '-000043-03-15T00:00:00.000Z'],
    ['12026-03-01T10:00', '+012026-03-01T10:00:00.000Z'],
    ['2026-03-01 10:00:00.123456789-02:30', '2026-03-01T12:30:00.123Z'],
    ['2026-W53', '2026-12-28T00:00:00.000Z'],
  ])('is %s: %s', (text, instant) => {
    expect(dateOf(text)?.toISOString()).toBe(instant);
  });

  it('knows zones by their names alone', () => {
    expect(zoneNamed('europe/berlin')).toBe('Europe/Berlin');
    for (const name of ['Europe/Nowhere', '+01:00', '', 'x'.repeat(80), 'Europe/Berlin\n'])
      expect(zoneNamed(name)).toBeUndefined();
  });
});
