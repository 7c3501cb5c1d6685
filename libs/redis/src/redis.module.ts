import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { LiveSetupError } from 'nest-live';
import { Backend } from 'nest-live/extend';

import { RedisBackend } from './redis.backend.js';
import type { RedisAsyncOptions, RedisOptions } from './redis.options.js';

/** `undefined` leaves the choice to the core, which takes memory. */
const backendOf = (options: RedisOptions): RedisBackend | undefined => {
  const backend: string = options.backend ?? process.env.NEST_LIVE_BACKEND ?? 'redis';
  if (backend === 'memory') return undefined;
  if (backend === 'redis') return new RedisBackend(options);
  throw new LiveSetupError('OPTION_INVALID', `NEST_LIVE_BACKEND is "${backend}": write "redis" or "memory".`);
};

/** Keeps everything that outlives a request in Redis: import it beside `ComponentsModule.forRoot()`. */
@Module({})
export class RedisModule {
  /** Options known where the module is imported; without any, `NEST_LIVE_BACKEND` and `NEST_LIVE_REDIS_URL`. */
  static forRoot(options: RedisOptions = {}): DynamicModule {
    // Read late: many applications fill the environment while their modules are being imported.
    return this.assemble({ provide: Backend, useFactory: () => backendOf(options) });
  }

  /** Options from a factory with injected dependencies. */
  static forRootAsync({ imports, inject = [], useFactory }: RedisAsyncOptions): DynamicModule {
    const resolved = async (...dependencies: unknown[]) => backendOf(await useFactory(...dependencies));
    return this.assemble({ provide: Backend, inject, useFactory: resolved }, imports);
  }

  private static assemble(backend: Provider, imports: DynamicModule['imports'] = []): DynamicModule {
    return { module: RedisModule, global: true, imports, providers: [backend], exports: [Backend] };
  }
}
