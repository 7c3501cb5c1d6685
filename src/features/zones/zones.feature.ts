import { Inject } from '@nestjs/common';

import { TAKES_ZONES } from '../../component/base-class.js';
import { zoneNamed } from '../../component/clock.js';
import type { ComponentDefinition } from '../../component/definition.js';
import { isVisitorAsked, UTC_ZONES, VISITOR, type Zones } from '../../component/zones.js';
import { LiveError } from '../../errors/live-error.js';
import { Feature, type ClientNeeds, type LiveFeature } from '../../lifecycle/context/live-feature.js';
import type { LiveContext } from '../../lifecycle/context/live.context.js';
import { openCookie } from '../../protocol/cookie.js';
import { ZONE, type ZoneOption } from './zone.option.js';

/** Written by the client's module `zone`. */
export const ZONE_COOKIE = 'live-zone';

/** What is shown is in another zone than the browser's: its payload is the browser's zone. */
export const ZONE_EVENT = '$zone';

/** Knows in which zones the times of an interaction are: those of the application, of fields, of the visitor. */
@Feature()
export class ZonesFeature implements LiveFeature {
  readonly events = {
    [ZONE_EVENT]: {
      knows: (definition: ComponentDefinition) => this.isAsked && takesZones(definition),
      run: (ctx: LiveContext) => this.follow(ctx),
    },
  };

  constructor(@Inject(ZONE) private readonly zone: ZoneOption) {}

  client(definition: ComponentDefinition): ClientNeeds | undefined {
    if (!this.isAsked) {
      return undefined;
    }
    return { modules: ['zone'], attributes: takesZones(definition) ? { 'live-zone': '' } : undefined };
  }

  onMake(ctx: LiveContext): void {
    ctx.zones = this.zonesFor(this.isAsked ? zoneOf(ctx.request) : undefined);
    if (ctx.entry === 'mount' && this.isAsked && takesZones(ctx.definition)) {
      ctx.kept.zone = ctx.zones.visitor;
    }
    hand(ctx);
  }

  /** What a page shows was written in the zone of its mount, and is read in it. */
  onHydrate(ctx: LiveContext): void {
    const { zone } = ctx.kept;
    if (typeof zone === 'string') {
      ctx.zones = this.zonesFor(zone);
      hand(ctx);
    }
  }

  private get isAsked(): boolean {
    return this.zone === VISITOR || isVisitorAsked();
  }

  private zonesFor(visitor: string | undefined): Zones {
    const own = this.zone === VISITOR ? (visitor ?? 'UTC') : this.zone;
    const known = visitor ?? own;
    return own === 'UTC' && known === 'UTC' ? UTC_ZONES : { local: own, visitor: known };
  }

  /** @throws LiveError `BAD_FRAME` for what is no zone */
  private follow(ctx: LiveContext): void {
    const zone = typeof ctx.payload === 'string' ? zoneNamed(ctx.payload) : undefined;
    if (zone === undefined) {
      throw new LiveError('BAD_FRAME', `the payload of ${ZONE_EVENT} is no time zone`);
    }
    ctx.kept.zone = zone;
    ctx.zones = this.zonesFor(zone);
    hand(ctx);
  }
}

const takesZones = ({ type }: ComponentDefinition): boolean => TAKES_ZONES in type;

/** To a base class that reads and shows times itself. */
const hand = ({ component, zones, definition }: LiveContext): void => {
  if (takesZones(definition)) {
    (component as { [TAKES_ZONES]?: Zones })[TAKES_ZONES] = zones;
  }
};

const zoneOf = (request: object): string | undefined => {
  const { headers } = request as { readonly headers?: { readonly cookie?: string } };
  const found = openCookie(headers?.cookie, ZONE_COOKIE, (value) => zoneNamed(decoded(value)) ?? null);
  return found ?? undefined;
};

const decoded = (value: string): string => {
  try {
    return decodeURIComponent(value);
  } catch {
    return '';
  }
};
