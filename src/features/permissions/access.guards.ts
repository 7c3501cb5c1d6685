import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';

import { LiveExecutionContext } from '../../lifecycle/live-execution-context.js';

/** Lets everybody through; says on a class that this was meant. */
@Injectable()
export class AllowAny implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

/** Lets signed-in callers through. */
@Injectable()
export class IsAuthenticated implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return LiveExecutionContext.create(context).getLive().caller.isAuthenticated;
  }
}
