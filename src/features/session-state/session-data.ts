import { Injectable } from '@nestjs/common';

import { LiveError } from '../../errors/live-error.js';
import type { LiveContext } from '../../lifecycle/context/live.context.js';
import { StateCodec } from '../../state/codec.js';
import { SessionBag } from './session-bag.js';
import { placeOf } from './session-place.js';
import { SessionRecords } from './session-records.js';

/** The caller's session, for what no field declares. */
@Injectable()
export class SessionData {
  private readonly bags = new WeakMap<LiveContext, Promise<SessionBag>>();

  constructor(
    private readonly records: SessionRecords,
    private readonly codec: StateCodec,
  ) {}

  /**
   * The session of whoever caused this interaction, as it is now. What is set there is saved with the interaction, if it
   * is a mount or an event that succeeds, and not at all otherwise.
   * @throws LiveError `SESSION_REVOKED`; `STORE_UNAVAILABLE`; `HANDLER_ERROR` where the server itself is the cause
   */
  of(ctx: LiveContext): Promise<SessionBag> {
    if (ctx.entry === 'server' || ctx.transport === 'server') {
      return Promise.reject(new LiveError('HANDLER_ERROR', 'the server itself has no session'));
    }
    return this.open(ctx);
  }

  /** @internal Also for somebody who is only shown something. */
  open(ctx: LiveContext): Promise<SessionBag> {
    let bag = this.bags.get(ctx);
    if (!bag) {
      bag = this.records.read(placeOf(ctx.caller)).then((data) => new SessionBag(data, this.codec));
      this.bags.set(ctx, bag);
    }
    return bag;
  }

  /** @internal The session of this interaction, if anybody has asked for it. */
  opened(ctx: LiveContext): Promise<SessionBag> | undefined {
    return this.bags.get(ctx);
  }
}
