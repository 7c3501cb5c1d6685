import { Injectable, type CanActivate, type ExecutionContext, type Type } from '@nestjs/common';

import { AccessControl } from './access-control.js';
import { decide } from './asking.caller.js';
import { checkPermission } from './permission.name.js';
import { DecidesAccess } from './permissions.metadata.js';

/**
 * A guard that lets callers through who hold this permission: `@UseGuards(ModelPermission('app.change_order'))`. Several
 * on one place, or on class and handler, are all required; so is `@RequirePermissions()`, which decides in the same way.
 * @throws LiveSetupError `PERMISSION_INVALID`
 */
export const ModelPermission = (permission: string): Type<CanActivate> => {
  checkPermission(permission, 'ModelPermission()');

  @DecidesAccess()
  @Injectable()
  class ModelPermissionGuard implements CanActivate {
    constructor(private readonly access: AccessControl) {}

    canActivate(context: ExecutionContext): boolean | Promise<boolean> {
      return decide(context, (caller) => this.access.holds(caller, permission));
    }
  }
  return ModelPermissionGuard;
};
