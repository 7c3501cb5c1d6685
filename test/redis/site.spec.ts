import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';

import { createPlayground } from '../../apps/playground/src/create-playground.js';
import { RedisServer } from './redis.server.js';

interface Answer {
  readonly ok: boolean;
  readonly html?: string;
  readonly state?: string;
  readonly component_id?: string;
  readonly error?: { readonly code: string };
}

describe('the site with REDIS_URL', () => {
  const { REDIS_URL } = process.env;
  let redis: RedisServer;
  let app: INestApplication | undefined;
  let cookie = '';

  beforeAll(async () => {
    redis = await RedisServer.start();
  });

  afterAll(async () => {
    await app?.close();
    await redis?.stop();
    if (REDIS_URL === undefined) delete process.env.REDIS_URL;
    else process.env.REDIS_URL = REDIS_URL;
  });

  const restart = async (): Promise<void> => {
    await app?.close();
    app = await createPlayground({ logger: ['fatal'] });
    await app.listen(0, '127.0.0.1');
  };

  const send = async (body: object): Promise<Answer> => {
    const url = await app!.getUrl();
    const headers = { origin: url, cookie, 'content-type': 'application/json', accept: 'application/json' };
    const response = await fetch(`${url}/components/counter`, { method: 'POST', headers, body: JSON.stringify(body) });
    cookie ||= response.headers.getSetCookie().map((line) => line.split(';')[0]).join('; '); // prettier-ignore
    return response.json() as Promise<Answer>;
  };

  it('keeps what a page has done over a restart, and forgets it without', async () => {
    process.env.REDIS_URL = redis.url;
    await restart();
    const mounted = await send({});
    const { ok, state } = await send({ state: mounted.state, event: 'increment', seq: 1 });
    expect(ok).toBe(true);
    await restart();
    expect((await send({ state })).html).toContain('<output>1</output>');

    delete process.env.REDIS_URL;
    await restart();
    expect((await send({ state })).error?.code).toBe('INSTANCE_NOT_FOUND');
  });
});
