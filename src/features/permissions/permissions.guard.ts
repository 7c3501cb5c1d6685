import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';

import { LiveExecutionContext } from '../../lifecycle/live-execution-context.js';
import { AccessControl } from './access-control.js';
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
    const live = LiveExecutionContext.create(context).getLive();
    const { caller } = live;
    const missing = needed.filter(({ permission }) => !this.access.holds(caller, permission));
    // Most callers hold what is needed on everything: then nobody has to be asked.
    if (missing.length === 0 || missing.some(({ resource }) => !resource)) {
      return missing.length === 0;
    }
    const granted = missing.map(({ permission, resource }) =>
      this.access.permits(caller, permission, resource?.(live)),
    );
    return Promise.all(granted).then((all) => all.every(Boolean));
  }
}
