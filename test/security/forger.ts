import { createDecipheriv, createHmac } from 'node:crypto';

import type { INestApplication } from '@nestjs/common';

import { KeyRing, type KeyPurpose } from '../../src/state/keys.js';

/** Makes tokens that the application's own key has signed, with whatever inside. */
export class Forger {
  constructor(private readonly app: INestApplication) {}

  read(token: string): Record<string, unknown> {
    const [version, kid, body] = token.split('.');
    return version === 'lc1e'
      ? this.decrypt(kid, body)
      : (JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>);
  }

  private decrypt(kid: string, body: string): Record<string, unknown> {
    const bytes = Buffer.from(body, 'base64url');
    for (const purpose of ['mount', 'state', 'sub', 'upload'] as const) {
      const key = this.app.get(KeyRing).subkey(kid, `${purpose}/encrypt`);
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 });
      decipher.setAAD(Buffer.from(`lc1e.${kid}.${purpose}`)).setAuthTag(bytes.subarray(-16));
      const clear = decipher.update(bytes.subarray(12, -16));
      try {
        return JSON.parse(Buffer.concat([clear, decipher.final()]).toString()) as Record<string, unknown>;
      } catch {
        // Not this purpose.
      }
    }
    throw new Error('no token of ours');
  }

  /** The token with other content, signed for its purpose or for another one. */
  resign(token: string, change: object, purpose?: string): string {
    const [, kid] = token.split('.');
    const payload = { ...this.read(token), ...change };
    const head = `lc1.${kid}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`;
    const key = this.app.get(KeyRing).subkey(kid, (purpose ?? payload.pur) as KeyPurpose);
    return `${head}.${createHmac('sha256', key).update(head).digest('base64url')}`;
  }
}
