import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { AccessControl, DecidesAccess, LiveExecutionContext } from 'nest-live';

import { TicketBook } from './ticket.book.js';

/** Lets staff see every ticket and customers their own. The ticket's id is sealed: no page can name another one. */
@DecidesAccess()
@Injectable()
export class TicketGuard implements CanActivate {
  constructor(
    private readonly book: TicketBook,
    private readonly access: AccessControl,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const { caller, props } = LiveExecutionContext.create(context).getLive();
    const isOwn = caller.isAuthenticated && this.book.find(String(props.id))?.customer === caller.id;
    return isOwn || this.access.permits(caller, 'tickets:read');
  }
}
