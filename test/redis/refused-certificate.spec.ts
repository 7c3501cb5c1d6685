import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { RedisConnection } from '../../libs/redis/src/redis.connection.js';
import { makeCertificate } from './certificate.js';
import { RedisServer } from './redis.server.js';

describe('a connection whose server shows an unknown certificate', () => {
  let plain: RedisServer;
  let server: RedisServer;

  beforeAll(async () => {
    plain = await RedisServer.start();
    const { cert, key } = makeCertificate(plain.folder);
    server = await RedisServer.start({ tls: { cert, key } });
  });
  afterAll(() => Promise.all([server.stop(), plain.stop()]));

  // Node tells of the certificate and of what the server says to its refusal: an error that nobody hears ends the process.
  it('may be given up while TLS begins, and no error is left that nobody hears', async () => {
    const connection = new RedisConnection({ host: 'localhost', port: server.port, tls: {}, lazyConnect: true });
    const failures: unknown[] = [];
    connection.on('error', ({ code }: NodeJS.ErrnoException) => failures.push(code));
    connection.connect().catch(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    const over = new Promise((resolve) => connection.stream.once('close', resolve));
    connection.disconnect();
    await over;
    expect(failures).toEqual(['DEPTH_ZERO_SELF_SIGNED_CERT']);
  });
});
