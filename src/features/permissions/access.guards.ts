import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';

import { AccessControl } from './access-control.js';
import { decide } from './asking.caller.js';
import { DecidesAccess } from './permissions.metadata.js';

/** Lets everybody through; says on a class that this was meant. */
@DecidesAccess()
@Injectable()
export class AllowAny implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

/** Lets signed-in callers through; like all guards here, in front of components and of controllers. */
@DecidesAccess()
@Injectable()
export class IsAuthenticated implements CanActivate {
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    return decide(context, ({ isAuthenticated }) => isAuthenticated);
  }
}

/** Lets staff through: `caller.isStaff`, and whoever may do everything. */
@DecidesAccess()
@Injectable()
export class IsStaff implements CanActivate {
  constructor(private readonly access: AccessControl) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    return decide(context, (caller) => caller.isStaff || this.access.holdsEverything(caller));
  }
}

/** Lets through who may do everything: `caller.isSuperuser`, or a role that gives `*`, as `admin` does. */
@DecidesAccess()
@Injectable()
export class IsSuperuser implements CanActivate {
  constructor(private readonly access: AccessControl) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    return decide(context, (caller) => this.access.holdsEverything(caller));
  }
}
