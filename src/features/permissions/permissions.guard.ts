import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';

import { LiveExecutionContext } from '../../lifecycle/live-execution-context.js';
import { PERMISSIONS } from './permissions.metadata.js';

/** All permissions of class and handler are required. */
@Injectable()
export class PermissionsGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const needed = this.reflector.getAllAndMerge<string[]>(PERMISSIONS, [context.getHandler(), context.getClass()]);
    const { caller } = LiveExecutionContext.create(context).getLive();
    return needed.every((permission) => caller.permissions.has(permission));
  }
}
