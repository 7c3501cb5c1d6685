import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Controller, Get, type DynamicModule, type INestApplication, type Type } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';

import { exported, register, type ModuleClass, type Neighbour } from './neighbour.js';

type Middleware = (request: object, response: object, next: () => void) => void;
type Maker = (options?: object) => Middleware;

@Controller('health')
class Health {
  @Get()
  check(): object {
    return { status: 'ok' };
  }
}

/** A middleware of Express and its plugin for Fastify. */
const onBoth = (
  name: string,
  { express, fastify, options }: { express: string; fastify: string; options?: object },
): Neighbour => ({
  name,
  packages: [express, fastify],
  surround: async (platform) => {
    if (platform === 'express') {
      const make = await exported<Maker>(express);
      return { configure: (app) => app.use(make(options)) };
    }
    const plugin = await exported<unknown>(fastify);
    return { configure: (app) => register(app, plugin, options) };
  },
});

const withModule = (
  packageName: string,
  module: string,
  make: (module: ModuleClass) => DynamicModule = (found) => found.forRoot(),
): Neighbour => ({
  name: packageName,
  packages: [packageName],
  surround: async () => ({ imports: [make(await exported<ModuleClass>(packageName, module))] }),
});

const folderWith = (files: Readonly<Record<string, string>>): string => {
  const folder = mkdtempSync(join(tmpdir(), 'nest-live-compat-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
};

/** Packages that applications have. */
export const PACKAGES: readonly Neighbour[] = [
  { ...onBoth('helmet', { express: 'helmet', fastify: '@fastify/helmet' }), always: true },
  onBoth('compression', { express: 'compression', fastify: '@fastify/compress' }),
  onBoth('cookies', { express: 'cookie-parser', fastify: '@fastify/cookie' }),
  {
    name: 'express-session',
    packages: ['express-session'],
    platforms: ['express'],
    surround: async () => {
      const session = await exported<Maker>('express-session');
      const options = { secret: 'of this test alone', resave: false, saveUninitialized: true };
      return { configure: (app) => app.use(session(options)) };
    },
  },
  withModule('@nestjs/config', 'ConfigModule', (found) => found.forRoot({ isGlobal: true, ignoreEnvFile: true })),
  {
    name: '@nestjs/throttler',
    packages: ['@nestjs/throttler'],
    surround: async () => {
      const module = await exported<ModuleClass>('@nestjs/throttler', 'ThrottlerModule');
      const guard = await exported<Type>('@nestjs/throttler', 'ThrottlerGuard');
      return {
        imports: [module.forRoot([{ ttl: 60_000, limit: 1_000 }])],
        providers: [{ provide: APP_GUARD, useClass: guard }],
      };
    },
  },
  {
    name: 'a global CacheInterceptor',
    packages: ['@nestjs/cache-manager', 'cache-manager'],
    surround: async () => ({
      imports: [
        (await exported<ModuleClass>('@nestjs/cache-manager', 'CacheModule')).register({ isGlobal: true, ttl: 5_000 }),
      ],
      providers: [
        { provide: APP_INTERCEPTOR, useClass: await exported<Type>('@nestjs/cache-manager', 'CacheInterceptor') },
      ],
    }),
  },
  {
    name: '@nestjs/serve-static',
    packages: ['@nestjs/serve-static', '@fastify/static'],
    surround: async () => {
      const module = await exported<ModuleClass>('@nestjs/serve-static', 'ServeStaticModule');
      const rootPath = folderWith({ 'index.html': '<h1>static</h1>' });
      return { imports: [module.forRoot({ rootPath, renderPath: '/static/{*any}', serveRoot: '/static' })] };
    },
  },
  {
    name: '@nestjs/swagger',
    packages: ['@nestjs/swagger'],
    surround: async () => {
      const swagger = await exported<{
        createDocument(app: INestApplication, config: object): object;
        setup(path: string, app: INestApplication, document: object): void;
      }>('@nestjs/swagger', 'SwaggerModule');
      return {
        configure: (app) => {
          const document = swagger.createDocument(app, { openapi: '3.0.0', info: { title: 'a', version: '1' } });
          swagger.setup('docs', app, document);
        },
      };
    },
  },
  {
    name: '@nestjs/terminus',
    packages: ['@nestjs/terminus'],
    surround: async () => ({
      imports: [await exported<Type>('@nestjs/terminus', 'TerminusModule')],
      controllers: [Health],
    }),
  },
  {
    name: 'nestjs-pino',
    packages: ['nestjs-pino', 'pino', 'pino-http'],
    surround: async () => {
      const module = await exported<ModuleClass>('nestjs-pino', 'LoggerModule');
      const logger = await exported<Type<never>>('nestjs-pino', 'Logger');
      return {
        imports: [module.forRoot({ pinoHttp: { level: 'error' } })],
        configure: (app) => app.useLogger(app.get(logger)),
      };
    },
  },
  withModule('nestjs-cls', 'ClsModule', (found) => found.forRoot({ global: true, middleware: { mount: true } })),
  {
    name: 'nestjs-i18n',
    packages: ['nestjs-i18n'],
    surround: async () => {
      const module = await exported<ModuleClass>('nestjs-i18n', 'I18nModule');
      const header = await exported<Type>('nestjs-i18n', 'AcceptLanguageResolver');
      const path = folderWith({ 'words.json': '{ "hello": "Hello" }' });
      return {
        imports: [
          module.forRoot({ fallbackLanguage: 'en', loaderOptions: { path }, resolvers: [header], logging: false }),
        ],
      };
    },
  },
  { ...withModule('@nestjs/event-emitter', 'EventEmitterModule'), always: true },
  withModule('@nestjs/schedule', 'ScheduleModule'),
  withModule('@nestjs/cqrs', 'CqrsModule'),
  {
    name: 'nest-winston',
    packages: ['nest-winston', 'winston'],
    surround: async () => {
      const module = await exported<ModuleClass>('nest-winston', 'WinstonModule');
      const token = await exported<string>('nest-winston', 'WINSTON_MODULE_NEST_PROVIDER');
      return {
        imports: [module.forRoot({ silent: true })],
        configure: (app) => app.useLogger(app.get(token)),
      };
    },
  },
  {
    name: '@nestjs/typeorm',
    packages: ['@nestjs/typeorm', 'typeorm'],
    surround: async () => {
      const module = await exported<ModuleClass>('@nestjs/typeorm', 'TypeOrmModule');
      return { imports: [module.forRoot({ type: 'sqljs', entities: [], synchronize: true })] };
    },
  },
];
