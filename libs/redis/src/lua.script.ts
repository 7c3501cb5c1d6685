import { createHash } from 'node:crypto';

import type { Redis } from 'ioredis';

/** One atomic step on the server: sent by name, and in full to a server that does not know it (any more). */
export class LuaScript {
  private readonly name: string;

  constructor(readonly text: string) {
    this.name = createHash('sha1').update(text).digest('hex');
  }

  async run(connection: Redis, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    try {
      return await connection.evalsha(this.name, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return connection.eval(this.text, keys.length, ...keys, ...args);
    }
  }
}
