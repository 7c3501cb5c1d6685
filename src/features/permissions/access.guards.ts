import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';

import type { LiveCaller } from '../../lifecycle/caller.js';
import { LiveExecutionContext } from '../../lifecycle/live-execution-context.js';
import { AccessControl } from './access-control.js';
import { DecidesAccess } from './permissions.metadata.js';

/** Lets everybody through; says on a class that this was meant. */
@DecidesAccess()
@Injectable()
export class AllowAny implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

/** Lets signed-in callers through. */
@DecidesAccess()
@Injectable()
export class IsAuthenticated implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return callerIn(context).isAuthenticated;
  }
}

/** Lets staff through: `caller.isStaff`, and whoever may do everything. */
@DecidesAccess()
@Injectable()
export class IsStaff implements CanActivate {
  constructor(private readonly access: AccessControl) {}

  canActivate(context: ExecutionContext): boolean {
    const caller = callerIn(context);
    return caller.isStaff || this.access.holdsEverything(caller);
  }
}

/** Lets through who may do everything: `caller.isSuperuser`, or a role that gives `*`, as `admin` does. */
@DecidesAccess()
@Injectable()
export class IsSuperuser implements CanActivate {
  constructor(private readonly access: AccessControl) {}

  canActivate(context: ExecutionContext): boolean {
    return this.access.holdsEverything(callerIn(context));
  }
}

const callerIn = (context: ExecutionContext): LiveCaller => LiveExecutionContext.create(context).getLive().caller;
