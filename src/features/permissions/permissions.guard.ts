import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';

import { LiveSetupError } from '../../errors/setup-error.js';
import type { LiveCaller } from '../../lifecycle/caller/caller.js';
import type { LiveContext } from '../../lifecycle/context/live.context.js';
import { LIVE_CONTEXT, LiveExecutionContext } from '../../lifecycle/context/live-execution-context.js';
import { AccessControl } from './access-control.js';
import { decide } from './asking.caller.js';
import { DecidesAccess, PERMISSIONS, type Requirement } from './permissions.metadata.js';

/** All permissions of class and handler are required. */
@DecidesAccess()
@Injectable()
export class PermissionsGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly access: AccessControl,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const needed = this.reflector.getAllAndMerge<Requirement[]>(PERMISSIONS, [
      context.getHandler(),
      context.getClass(),
    ]);
    return decide(context, (caller) => this.holds(caller, needed, context));
  }

  private holds(
    caller: LiveCaller,
    needed: readonly Requirement[],
    context: ExecutionContext,
  ): boolean | Promise<boolean> {
    const missing = needed.filter(({ permission }) => !this.access.holds(caller, permission));
    // Most callers hold what is needed on everything: then nobody has to be asked.
    if (missing.length === 0 || missing.some(({ resource }) => !resource)) {
      return missing.length === 0;
    }
    const live = liveIn(context);
    const granted = missing.map(({ permission, resource }) =>
      this.access.permits(caller, permission, resource?.(live)),
    );
    return Promise.all(granted).then((all) => all.every(Boolean));
  }
}

/** @throws LiveSetupError `PERMISSION_INVALID` on a controller: what it is about is said of an instance */
const liveIn = (context: ExecutionContext): LiveContext => {
  if (context.getType<string>() !== LIVE_CONTEXT) {
    const where = `${context.getClass().name}.${context.getHandler().name}`;
    throw new LiveSetupError(
      'PERMISSION_INVALID',
      `${where}: @RequirePermissionOn() asks about an instance of a component. In a controller, ask AccessControl.permits().`,
    );
  }
  return LiveExecutionContext.create(context).getLive();
};
