import { Inject, Injectable } from '@nestjs/common';
import { SessionCallerResolver, type CallerInit, type CallerRequest, type LiveCaller } from 'nest-live';

import { AccountCookie } from './account.cookie.js';

/** Tells the module who is asking, on every transport: by a cookie of its own, else by a login of the sessions page. */
@Injectable()
export class AccountResolver extends SessionCallerResolver {
  @Inject(AccountCookie) private readonly cookies: AccountCookie;

  override async resolve(request: CallerRequest): Promise<CallerInit> {
    const user = this.cookies.read(String(request.headers.cookie ?? ''));
    return user ? { user } : super.resolve(request);
  }

  override recheck(caller: LiveCaller, request: CallerRequest): CallerInit | null | Promise<CallerInit | null> {
    const isOwn = this.cookies.read(String(request.headers.cookie ?? '')) !== undefined;
    return isOwn ? caller : super.recheck(caller, request);
  }
}
