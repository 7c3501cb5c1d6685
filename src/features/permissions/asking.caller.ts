import { UnauthorizedException, type ExecutionContext } from '@nestjs/common';

import { callerOn } from '../../component/caller.source.js';
import type { LiveCaller } from '../../lifecycle/caller/caller.js';
import { LIVE_CONTEXT, LiveExecutionContext } from '../../lifecycle/context/live-execution-context.js';

type May = (caller: LiveCaller) => boolean | Promise<boolean>;

/** One question for components and for controllers: may whoever asks? */
export const decide = (context: ExecutionContext, may: May): boolean | Promise<boolean> =>
  context.getType<string>() === LIVE_CONTEXT
    ? may(LiveExecutionContext.create(context).getLive().caller)
    : decideElsewhere(context, may);

/** As of now: a guard in front of this one may have put somebody on the request. */
const decideElsewhere = async (context: ExecutionContext, may: May): Promise<boolean> => {
  const caller = (await callerOn(requestIn(context))) as LiveCaller;
  if (await may(caller)) {
    return true;
  }
  if (!caller.isAuthenticated) {
    throw new UnauthorizedException();
  }
  return false;
};

const requestIn = (context: ExecutionContext): unknown =>
  context.getType<string>() === 'graphql'
    ? context.getArgByIndex<{ req?: unknown } | undefined>(2)?.req
    : context.switchToHttp().getRequest();
