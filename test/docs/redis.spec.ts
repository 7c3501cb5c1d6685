import { spawnSync } from 'node:child_process';

import type { INestApplication, Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Backend } from 'nest-live/extend';

import { resolveRedisStateStore } from '../../libs/redis/src/redis.state-store.js';
import { readTree } from '../architecture/source-tree.js';
import { HttpVisitor } from '../e2e/http.visitor.js';
import { RedisServer } from '../redis/redis.server.js';
import { SampleApp } from './sample-app.js';

const PAGE = 'docs/guides/redis.md';
const hasRedis = spawnSync('redis-server', ['--version']).status === 0;
const onRedis = hasRedis ? it : it.skip;

describe(PAGE, () => {
  it('has every bound of the store with its default', () => {
    const text = readTree('docs').get(PAGE) ?? '';
    const rows = text.matchAll(/^\| `state\.(\w+)` +\| ([\d,]+) /gm);
    const told = Object.fromEntries(
      Array.from(rows, ([, name, value = '']) => [name, Number(value.replaceAll(',', ''))]),
    );
    expect(told).toEqual(resolveRedisStateStore());
  });

  onRedis(`runs as it stands there${hasRedis ? '' : ' (skipped: no redis-server on the PATH)'}`, async () => {
    const server = await RedisServer.start();
    const { NEST_LIVE_REDIS_URL } = process.env;
    process.env.NEST_LIVE_REDIS_URL = server.url;
    const sample = new SampleApp(PAGE);
    let app: INestApplication | undefined;
    try {
      const { AppModule } = await sample.import<{ AppModule: Type }>('app.module.ts');
      app = (await Test.createTestingModule({ imports: [AppModule] }).compile()).createNestApplication();
      await app.listen(0, '127.0.0.1');
      const visitor = new HttpVisitor(await app.getUrl());
      const { state } = await visitor.mount('counter');
      expect((await visitor.ok('counter', { state, event: 'increment', seq: 1 })).html).toContain('>1<');
      expect(app.get(Backend)).toMatchObject({ name: 'redis', isShared: true });
    } finally {
      await app?.close();
      sample.remove();
      if (NEST_LIVE_REDIS_URL === undefined) delete process.env.NEST_LIVE_REDIS_URL;
      else process.env.NEST_LIVE_REDIS_URL = NEST_LIVE_REDIS_URL;
      await server.stop();
    }
  });
});
