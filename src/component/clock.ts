/** By which clock a field is read and shown. */
export interface Clock {
  /** A name of the IANA database. */
  readonly zone: string;
  /**
   * `times`: a day, a month, a week and a time of day have no zone, and stand in UTC. `all`: they are those of the zone, a day
   * is the moment in which it begins there.
   */
  readonly reads: 'times' | 'all';
}

export const UTC_CLOCK: Clock = Object.freeze({ zone: 'UTC', reads: 'times' });

const DAY_MS = 24 * 60 * 60_000;

/**
 * The moment at which a clock shows this.
 * @param moment what it shows, as if it were UTC
 * @returns undefined for what it leaves out when it is put forward; of what it shows twice the first; of a day its first moment
 */
export const instantIn = (
  { zone, reads }: Clock,
  { moment, isDay }: { readonly moment: number; readonly isDay: boolean },
): number | undefined => {
  if (zone === 'UTC' || (isDay && reads === 'times')) {
    return moment;
  }
  const [before, after] = [offsetAt(zone, moment - DAY_MS), offsetAt(zone, moment + DAY_MS)];
  const [first] = [moment - before, moment - after]
    .filter((instant) => instant + offsetAt(zone, instant) === moment)
    .sort((one, other) => one - other);
  // By the clock before the change, what is left out is as long after it.
  return first ?? (isDay ? moment - before : undefined);
};

/** What the clock shows at this moment, as if it were UTC. */
export const shownBy = ({ zone }: Clock, instant: number): number => instant + offsetAt(zone, instant);

/** One name for all spellings of a zone; undefined when it is none. */
export const zoneNamed = (name: string): string | undefined => {
  if (!/^[A-Za-z][\w+/-]{0,63}$/.test(name)) {
    return undefined;
  }
  try {
    return formatOf(name).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
};

const formats = new Map<string, Intl.DateTimeFormat>();

/** @throws RangeError for what is no zone */
const formatOf = (zone: string): Intl.DateTimeFormat => {
  const known = formats.get(zone);
  if (known) {
    return known;
  }
  const numeric = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
  const format = new Intl.DateTimeFormat('en-US', {
    ...numeric,
    second: 'numeric',
    era: 'short',
    hourCycle: 'h23',
    calendar: 'gregory',
    timeZone: zone,
  });
  // Zones have several spellings, and a stranger may send any: only one of each is kept.
  if (format.resolvedOptions().timeZone === zone) formats.set(zone, format);
  return format;
};

const offsetAt = (zone: string, instant: number): number => {
  if (zone === 'UTC' || Number.isNaN(new Date(instant).getTime())) {
    return 0;
  }
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  const year = parts.era === 'BC' ? 1 - Number(parts.year) : Number(parts.year);
  const shown = new Date(0);
  shown.setUTCFullYear(year, Number(parts.month) - 1, Number(parts.day));
  shown.setUTCHours(Number(parts.hour), Number(parts.minute), Number(parts.second));
  // What is less than a second is the same on each clock.
  return shown.getTime() - Math.floor(instant / 1_000) * 1_000;
};
