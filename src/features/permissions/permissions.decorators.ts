import { SetMetadata, UseGuards, applyDecorators } from '@nestjs/common';

import { PermissionsGuard } from './permissions.guard.js';
import { PERMISSIONS } from './permissions.metadata.js';

/** Lets callers through who hold all of these permissions. On a class: for mount, view and every event. */
export const RequirePermissions = (...permissions: readonly string[]): ClassDecorator & MethodDecorator =>
  applyDecorators(SetMetadata(PERMISSIONS, permissions), UseGuards(PermissionsGuard));
