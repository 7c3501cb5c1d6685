import 'reflect-metadata';

import { join } from 'node:path';

import { Global, Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ComponentsModule, LivePublisher, Revocation, SessionCallerResolver } from 'nest-live';
import { Backend, EventBus, LifecycleRunner, SessionStore, StateStore } from 'nest-live/extend';
import type { INestApplication, LoggerService } from '@nestjs/common';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Attic } from './attic.component.js';
import { NamedCaller } from './caller.js';
import { COMPONENTS, GuardPassed } from './components.js';
import { CrashPoints } from './crash.points.js';
import { Desk, DeskPage } from './desk.page.js';
import { RAISED_LIMITS } from './limits.js';
import { LoginController } from './login.controller.js';
import type { NodeOptions, NodeStore } from './node.orders.js';
import { ParentBackend } from './parent.backend.js';
import { RELEASES, ROLES } from './releases.js';
import { FaultFeature, surround, type Weakness } from './seams.js';
import { Tape } from './tape.component.js';

@Global()
@Module({ providers: [CrashPoints], exports: [CrashPoints] })
class FaultsModule {}

@Global()
@Module({})
class ParentModule {
  static forGeneration(generation: string): DynamicModule {
    return {
      module: ParentModule,
      providers: [{ provide: Backend, useFactory: () => new ParentBackend(generation) }],
      exports: [Backend],
    };
  }
}

/** What the module does by itself. */
@Module({})
class OwnMemory {}

const backendOf = async (store: NodeStore): Promise<DynamicModule> => {
  if ('parent' in store) return ParentModule.forGeneration(store.parent);
  if ('memory' in store) return { module: OwnMemory };
  const { RedisModule } = await import('nest-live/redis');
  return RedisModule.forRoot({ url: store.redis });
};

export interface RunningNode {
  readonly app: INestApplication;
  readonly port: number;
  readonly points: CrashPoints;
  readonly store: StateStore;
  readonly publisher: LivePublisher;
  readonly revocation: Revocation;
  readonly logins: SessionStore;
  readonly weakness: Weakness;
}

export const startApp = async (options: NodeOptions, logger: LoggerService): Promise<RunningNode> => {
  const { name, store, limits, without = [], crash = [], failEveryCommit = 0 } = options;
  const { logins = false, recheckMs, kids = ['faults'], tokenMs, release = 'first', uploads } = options;

  @Module({
    imports: [
      FaultsModule,
      await backendOf(store),
      ComponentsModule.forRoot({
        node: name,
        keys: kids.map((kid) => ({ kid, secret: `a key that signs nothing but the tokens of a fault run: ${kid}` })),
        limits: { ...RAISED_LIMITS, ...limits },
        callerResolver: logins ? SessionCallerResolver : NamedCaller,
        sessions: { recheckMs },
        tokens: { stateMs: tokenMs },
        roles: ROLES,
        memory: 'memory' in store ? store.memory : undefined,
        metrics: true,
        uploads,
        rendering: { pages: [join(import.meta.dirname, 'views')], templates: [] },
        production: true,
      }),
    ],
    controllers: [DeskPage, LoginController],
    providers: [...COMPONENTS, ...RELEASES[release], Desk, Tape, Attic, GuardPassed, FaultFeature],
  })
  class App {}

  const app = await NestFactory.create(App, { logger, abortOnError: false });
  app.enableShutdownHooks(['SIGTERM'], { useProcessExit: true });
  const points = app.get(CrashPoints);
  const weakness: Weakness = { without: new Set(without), failEveryCommit };
  const state = app.get(StateStore);
  surround({ store: state, bus: app.get(EventBus), runner: app.get(LifecycleRunner), points }, weakness);
  points.arm(crash);
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
  return {
    app,
    port,
    points,
    store: state,
    publisher: app.get(LivePublisher),
    revocation: app.get(Revocation),
    logins: app.get(SessionStore),
    weakness,
  };
};
