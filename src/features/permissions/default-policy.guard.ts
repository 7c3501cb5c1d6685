import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { lastValueFrom } from 'rxjs';

import { LIVE_CONTEXT } from '../../lifecycle/context/live-execution-context.js';
import { saysWhoMayEnter } from './permissions.metadata.js';

/** Asked, as a global guard, wherever neither the class nor the handler says who may come in. */
export class DefaultPolicyGuard implements CanActivate {
  constructor(private readonly policy: readonly CanActivate[]) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const isOurs = context.getType<string>() === LIVE_CONTEXT;
    if (!isOurs || [context.getClass(), context.getHandler()].some(saysWhoMayEnter)) {
      return true;
    }
    return this.ask(context);
  }

  /** All of them are required; the first that says no ends it. */
  private async ask(context: ExecutionContext): Promise<boolean> {
    for (const guard of this.policy) {
      const answer = guard.canActivate(context);
      if (!(await (typeof answer === 'object' && 'subscribe' in answer ? lastValueFrom(answer) : answer))) {
        return false;
      }
    }
    return true;
  }
}
