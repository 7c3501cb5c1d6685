import { Injectable } from '@nestjs/common';
import { CallerResolver, type CallerInit, type CallerRequest } from 'nest-live';

import { AccountCookie } from './account.cookie.js';

/** Tells the module who is asking: pages, HTTP events and socket handshakes alike. */
@Injectable()
export class AccountResolver extends CallerResolver {
  constructor(private readonly cookie: AccountCookie) {
    super();
  }

  resolve({ headers }: CallerRequest): CallerInit {
    return { user: this.cookie.read(String(headers.cookie ?? '')) };
  }
}
