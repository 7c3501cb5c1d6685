import { requireZone, VISITOR } from '../../component/zones.js';

/** Injection token of the zone of the application's times. */
export const ZONE = Symbol('nest-live:zone');

/** A name of the IANA database, or `visitor`. */
export type ZoneOption = string;

/** @throws LiveSetupError `OPTION_INVALID` */
export const resolveZone = (zone = 'UTC'): ZoneOption => (zone === VISITOR ? VISITOR : requireZone(zone, 'zone'));
