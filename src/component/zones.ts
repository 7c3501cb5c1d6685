import type { Type } from '@nestjs/common';
import 'reflect-metadata';

import { LiveSetupError } from '../errors/setup-error.js';
import { UTC_CLOCK, zoneNamed, type Clock } from './clock.js';

/** Which zones hold for one interaction. */
export interface Zones {
  /** Of times without a zone, in fields that name none. */
  readonly local: string;
  /** Of whoever looks at the page; as long as nobody has said it, `local`. */
  readonly visitor: string;
}

export const UTC_ZONES: Zones = Object.freeze({ local: 'UTC', visitor: 'UTC' });

/** In the place of a zone's name: that of whoever looks at the page. */
export const VISITOR = 'visitor';

/** A value on its way to its declared type, and the zones that hold for it. */
export class Zoned {
  constructor(
    readonly value: unknown,
    readonly zones: Zones,
  ) {}
}

const FIELDS = Symbol('nest-live:zone');
let asksVisitors = false;

/** Whether any field is in the visitor's zone. */
export const isVisitorAsked = (): boolean => asksVisitors;

/**
 * The zone of a `Date` field, of a DTO or of a component: what has none is read and shown as clocks and calendars there have
 * it, days too.
 * @param zone a name of the IANA database (`Europe/Berlin`), or `visitor`: that of whoever looks at the page
 */
export const InZone = (zone: string): PropertyDecorator => {
  const named = zone === VISITOR ? VISITOR : requireZone(zone, '@InZone()');
  asksVisitors ||= named === VISITOR;
  return (prototype, name) => Reflect.defineMetadata(FIELDS, named, prototype, name);
};

/** @throws LiveSetupError `OPTION_INVALID` for what is no zone */
export const requireZone = (zone: string, where: string): string => {
  const named = zoneNamed(zone);
  if (named === undefined) {
    throw new LiveSetupError(
      'OPTION_INVALID',
      `${where} names the zone "${zone}": write one of the IANA database, such as "Europe/Berlin", or "visitor".`,
    );
  }
  return named;
};

/** What `@InZone()` says of a field. */
export const zoneOf = (type: Type, name: string): string | undefined =>
  Reflect.getMetadata(FIELDS, type.prototype as object, name) as string | undefined;

/** By which clock a field of a class is read and shown. */
export const clockOf = (type: Type, name: string, zones: Zones): Clock => clockFor(zoneOf(type, name), zones);

/** @param own zone that the field names itself */
export const clockFor = (own: string | undefined, zones: Zones): Clock =>
  own === undefined ? clockIn(zones) : { zone: own === VISITOR ? zones.visitor : own, reads: 'all' };

/** The clock of what names no zone itself. */
export const clockIn = ({ local }: Zones): Clock => (local === 'UTC' ? UTC_CLOCK : { zone: local, reads: 'times' });
