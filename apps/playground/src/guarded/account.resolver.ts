import { Inject, Injectable } from '@nestjs/common';
import { SessionCallerResolver, type CallerInit, type CallerRequest, type LiveCaller } from 'nest-live';

import { AccountCookie } from './account.cookie.js';

/** Tells the module who is asking, on every transport: by a login of the site, else by the cookie of the guarded page. */
@Injectable()
export class AccountResolver extends SessionCallerResolver {
  @Inject(AccountCookie) private readonly cookies: AccountCookie;

  override async resolve(request: CallerRequest): Promise<CallerInit> {
    const login = await super.resolve(request);
    if (login.user) return login;
    const user = this.cookies.read(String(request.headers.cookie ?? ''));
    return user ? { user } : {};
  }

  override recheck(caller: LiveCaller, request: CallerRequest): CallerInit | null | Promise<CallerInit | null> {
    // Only a login can end before its page is loaded anew.
    return caller.isLogin ? super.recheck(caller, request) : caller;
  }
}
