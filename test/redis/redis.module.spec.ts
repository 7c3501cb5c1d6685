import { Module } from '@nestjs/common';
import type { ComponentsOptions } from 'nest-live';
import { Backend, MemoryStateStore, StateStore } from 'nest-live/extend';
import { RedisModule, RedisStateStore, type RedisOptions } from 'nest-live/redis';

import { RunningApp } from '../e2e/running-app.js';
import { RedisServer } from './redis.server.js';

abstract class Settings {
  abstract readonly redis: string;
}

describe('RedisModule', () => {
  const { env } = process;
  let server: RedisServer;
  const apps: RunningApp[] = [];

  beforeAll(async () => {
    server = await RedisServer.start();
  });
  beforeEach(() => {
    process.env = { ...env };
  });
  afterEach(async () => {
    process.env = env;
    await Promise.all(apps.splice(0).map((app) => app.close()));
  });
  afterAll(() => server.stop());

  const start = async (module: ReturnType<typeof RedisModule.forRoot> | undefined, options: ComponentsOptions = {}) => {
    const app = await RunningApp.start({ options, imports: module ? [module] : [] });
    apps.push(app);
    return app.app.get(StateStore);
  };
  const refused = (options: RedisOptions = {}, root: ComponentsOptions = {}) =>
    start(RedisModule.forRoot(options), root).then(
      () => 'started',
      (error: Error) => error.message,
    );

  it('is all it takes: the address is an option', async () => {
    expect(await start(RedisModule.forRoot({ url: server.url }))).toBeInstanceOf(RedisStateStore);
  });

  it('takes the address from the environment', async () => {
    process.env.NEST_LIVE_REDIS_URL = server.url;
    process.env.NEST_LIVE_BACKEND = 'redis';
    process.env.NEST_LIVE_NODES = '3';
    expect(await start(RedisModule.forRoot())).toBeInstanceOf(RedisStateStore);
  });

  it('takes its options from a factory', async () => {
    @Module({ providers: [{ provide: Settings, useValue: { redis: server.url } }], exports: [Settings] })
    class SettingsModule {}
    const module = RedisModule.forRootAsync({
      imports: [SettingsModule],
      inject: [Settings],
      useFactory: ({ redis }: Settings) => ({ url: redis }),
    });
    expect(await start(module)).toBeInstanceOf(RedisStateStore);
  });

  it('leaves the choice of memory to the environment, and needs no address then', async () => {
    process.env.NEST_LIVE_BACKEND = 'memory';
    expect(await start(RedisModule.forRoot())).toBeInstanceOf(MemoryStateStore);
  });

  it('answers a check while the server is there', async () => {
    await start(RedisModule.forRoot({ url: server.url }));
    const backend = apps[0].app.get(Backend);
    await backend.check();
    await server.down('SIGKILL');
    await expect(backend.check()).rejects.toThrow();
    await server.up();
  });

  it('does not guess an address', async () => {
    delete process.env.NEST_LIVE_REDIS_URL;
    delete process.env.REDIS_URL;
    expect(await refused()).toMatch(/NEST_LIVE_REDIS_URL.*OPTION_INVALID/);
  });

  it('refuses a backend it does not know', async () => {
    process.env.NEST_LIVE_BACKEND = 'postgres';
    expect(await refused({ url: server.url })).toMatch(/"postgres".*OPTION_INVALID/);
  });

  it('is missed where the environment asks for Redis and nobody imported it', async () => {
    process.env.NEST_LIVE_BACKEND = 'redis';
    await expect(start(undefined)).rejects.toThrow(/has "memory": import .*RedisModule/);
  });

  it('is missed where more than one node is announced', async () => {
    await expect(start(undefined, { nodes: 2 })).rejects.toMatchObject({ code: 'BACKEND_NOT_SHARED' });
    process.env.NEST_LIVE_NODES = '2';
    await expect(start(undefined)).rejects.toThrow('import RedisModule.forRoot() of nest-live/redis');
  });

  it('refuses a number of nodes that is none', async () => {
    process.env.NEST_LIVE_NODES = 'many';
    await expect(async () => start(undefined)).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  });
});
