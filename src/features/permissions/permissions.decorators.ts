import { UseGuards } from '@nestjs/common';

import { PermissionsGuard } from './permissions.guard.js';
import { checkPermission } from './permission.name.js';
import { PERMISSIONS, type Requirement, type ResourceOf } from './permissions.metadata.js';

type Guarding = ClassDecorator & MethodDecorator;
/** The same, as it is called: with a method or with a class alone. */
type Decorating = (target: object, key?: string | symbol, descriptor?: PropertyDescriptor) => void;

/** Lets callers through who hold all of these permissions. On a class: for mount, view and every event. */
export const RequirePermissions = (...permissions: readonly string[]): Guarding =>
  // None at all would let everybody through: it is refused like a name that is empty.
  requiring((permissions.length > 0 ? permissions : ['']).map((permission) => ({ permission })));

/**
 * Lets callers through who hold the permission everywhere or were granted it on the thing this is about:
 * `@RequirePermissionOn('orders:write', ({ props }) => 'order:' + props.id)`. Stands beside `@RequirePermissions()`.
 */
export const RequirePermissionOn = (permission: string, resource: ResourceOf): Guarding =>
  requiring([{ permission, resource }]);

/** Adds to what another of these decorators has left here, so that none of them is lost. */
const requiring =
  (needed: readonly Requirement[]): Guarding =>
  (target: object, key?: string | symbol, descriptor?: PropertyDescriptor): void => {
    const type = typeof target === 'function' ? target : target.constructor;
    const where = key === undefined ? type.name : `${type.name}.${String(key)}`;
    needed.forEach(({ permission }) => checkPermission(permission, `${where}: @RequirePermissions()`));
    const subject = (descriptor?.value ?? target) as object;
    const known = Reflect.getOwnMetadata(PERMISSIONS, subject) as readonly Requirement[] | undefined;
    Reflect.defineMetadata(PERMISSIONS, [...(known ?? []), ...needed], subject);
    if (!known) {
      const guard: Decorating = UseGuards(PermissionsGuard);
      guard(target, key, descriptor);
    }
  };
