import { createHmac } from 'node:crypto';

import type { INestApplication } from '@nestjs/common';

import { KeyRing, type KeyPurpose } from '../../src/state/keys.js';

/** Makes tokens that the application's own key has signed, with whatever inside. */
export class Forger {
  constructor(private readonly app: INestApplication) {}

  read(token: string): Record<string, unknown> {
    const [, , body] = token.split('.');
    return JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>;
  }

  /** The token with other content, signed for its purpose or for another one. */
  resign(token: string, change: object, purpose?: string): string {
    const [version, kid] = token.split('.');
    const payload = { ...this.read(token), ...change };
    const head = `${version}.${kid}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`;
    const key = this.app.get(KeyRing).subkey(kid, (purpose ?? payload.pur) as KeyPurpose);
    return `${head}.${createHmac('sha256', key).update(head).digest('base64url')}`;
  }
}
