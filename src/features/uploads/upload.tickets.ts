import { Injectable } from '@nestjs/common';

import { LiveError } from '../../errors/live-error.js';
import type { LiveCaller } from '../../lifecycle/caller.js';
import { SignedValues } from '../../state/signed-value.js';
import { TokenSealer } from '../../state/token-sealer.js';

/** What a token lets its holder do with one file. */
export interface UploadTicket {
  readonly may: 'write' | 'read';
  readonly upload: string;
  readonly instance: string;
  readonly field: string;
}

/** In the place of a component's name: no component can have it. */
const NAME = '-upload';

/** Tokens for one file each: of one caller, for one instance and field, for a while. */
@Injectable()
export class UploadTickets {
  constructor(
    private readonly sealer: TokenSealer,
    private readonly values: SignedValues,
  ) {}

  /** Under which name a caller's files count. */
  ownerOf({ id, sessionId }: LiveCaller): string {
    return this.values.principalOf(id, sessionId);
  }

  seal({ may, upload, instance, field }: UploadTicket, caller: LiveCaller, ttlMs: number): string {
    const iat = Date.now();
    return this.sealer.seal({
      pur: 'upload',
      n: NAME,
      i: instance,
      sh: 0,
      sub: this.ownerOf(caller),
      ten: caller.tenant,
      iat,
      exp: iat + ttlMs,
      p: [may, upload, field],
    });
  }

  /** @throws LiveError `UPLOAD_TOKEN_INVALID` */
  open(token: unknown, caller: LiveCaller, may: UploadTicket['may']): UploadTicket {
    try {
      const expected = { purposes: ['upload'], name: NAME, sub: this.ownerOf(caller), tenant: caller.tenant } as const;
      const { i: instance, p } = this.sealer.open(token, expected);
      const [allowed, upload, field] = p as [UploadTicket['may'], string, string];
      if (allowed !== may) {
        throw new LiveError('STATE_INVALID', `a token to ${allowed} cannot ${may}`);
      }
      return { may, upload, instance, field };
    } catch (cause) {
      throw new LiveError('UPLOAD_TOKEN_INVALID', (cause as Error).message, { cause });
    }
  }
}
