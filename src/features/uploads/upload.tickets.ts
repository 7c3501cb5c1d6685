import { Injectable } from '@nestjs/common';

import { LiveError } from '../../errors/live-error.js';
import type { LiveCaller } from '../../lifecycle/caller/caller.js';
import { SignedValues } from '../../state/signed-value.js';
import { TokenSealer } from '../../state/token-sealer.js';

/** What a token lets its holder do with one file. */
export interface UploadTicket {
  readonly may: 'write' | 'read';
  readonly upload: string;
  readonly instance: string;
  readonly field: string;
  readonly component: string;
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

  seal({ may, upload, instance, field, component }: UploadTicket, caller: LiveCaller, ttlMs: number): string {
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
      p: [may, upload, field, component],
    });
  }

  /** Whose guards stand before the file, whoever holds the token. @throws LiveError `UPLOAD_TOKEN_INVALID` */
  componentOf(token: unknown): string {
    const { p } = this.sealer.peek(token, { purposes: ['upload'], name: NAME }) ?? {};
    const component: unknown = Array.isArray(p) ? p[3] : undefined;
    if (typeof component !== 'string') {
      throw new LiveError('UPLOAD_TOKEN_INVALID', 'no token of an upload');
    }
    return component;
  }

  /** @throws LiveError `UPLOAD_TOKEN_INVALID` */
  open(token: unknown, caller: LiveCaller, may: UploadTicket['may']): UploadTicket {
    try {
      const expected = { purposes: ['upload'], name: NAME, sub: this.ownerOf(caller), tenant: caller.tenant } as const;
      const { i: instance, p } = this.sealer.open(token, expected);
      const [allowed, upload, field, component] = p as [UploadTicket['may'], string, string, string];
      if (allowed !== may) {
        throw new LiveError('STATE_INVALID', `a token to ${allowed} cannot ${may}`);
      }
      return { may, upload, instance, field, component };
    } catch (cause) {
      throw new LiveError('UPLOAD_TOKEN_INVALID', (cause as Error).message, { cause });
    }
  }
}
