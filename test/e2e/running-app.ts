import type { DynamicModule, INestApplication, LoggerService, Provider, Type } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { ComponentsModule, type ComponentsOptions } from 'nest-live';

export type PlatformName = 'express' | 'fastify';

export const PLATFORMS: readonly PlatformName[] = ['express', 'fastify'];

export interface AppPlan {
  readonly platform?: PlatformName;
  readonly options?: ComponentsOptions;
  readonly imports?: readonly (Type | DynamicModule)[];
  readonly controllers?: readonly Type[];
  readonly providers?: readonly Provider[];
  /** Brings `ComponentsModule` itself instead of `forRoot(options)`. */
  readonly root?: DynamicModule;
  readonly logger?: LoggerService | false;
  readonly configure?: (app: INestApplication) => unknown;
}

/** A test process loads modules and is late by that: what a late node refuses has tests of its own, which say so. */
const IN_TIME = { maxLoopLagMs: 0 };

/** A listening application and where it is. */
export class RunningApp {
  static async start(plan: AppPlan): Promise<RunningApp> {
    const { platform = 'express', options, imports = [], controllers = [], providers = [], logger = false } = plan;
    const limits = { ...IN_TIME, ...options?.limits };
    const module = await Test.createTestingModule({
      imports: [plan.root ?? ComponentsModule.forRoot({ ...options, limits }), ...imports],
      controllers: [...controllers],
      providers: [...providers],
    }).compile();
    const app =
      platform === 'fastify'
        ? module.createNestApplication(new FastifyAdapter(), { logger })
        : module.createNestApplication({ logger });
    await plan.configure?.(app);
    await app.listen(0, '127.0.0.1');
    return new RunningApp(app, await app.getUrl());
  }

  private constructor(
    readonly app: INestApplication,
    readonly url: string,
  ) {}

  get port(): number {
    return Number(new URL(this.url).port);
  }

  close(): Promise<void> {
    return this.app.close();
  }
}
