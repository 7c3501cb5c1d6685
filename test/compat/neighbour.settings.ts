import {
  Catch,
  Injectable,
  Logger,
  ClassSerializerInterceptor,
  Module,
  ValidationPipe,
  VERSION_NEUTRAL,
  VersioningType,
  type ArgumentsHost,
  type CallHandler,
  type CanActivate,
  type ExceptionFilter,
  type ExecutionContext,
  type MiddlewareConsumer,
  type NestInterceptor,
  type NestMiddleware,
  type NestModule,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, BaseExceptionFilter, Reflector } from '@nestjs/core';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { map, tap, timeout, type Observable } from 'rxjs';

import type { Neighbour } from './neighbour.js';

@Injectable()
class Everybody implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    // As most guards do, whatever asks.
    return context.switchToHttp().getRequest<{ headers: object }>().headers !== undefined;
  }
}

@Injectable()
class Timed implements NestInterceptor {
  private readonly logger = new Logger(Timed.name);

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { method, url } = context.switchToHttp().getRequest<{ method: string; url: string }>();
    const start = Date.now();
    return next.handle().pipe(
      timeout(15_000),
      tap(() => this.logger.debug(`${method} ${url} ${Date.now() - start} ms`)),
    );
  }
}

@Injectable()
class Enveloped implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((data: unknown) => ({ data })));
  }
}

@Catch()
class AllExceptions extends BaseExceptionFilter implements ExceptionFilter {
  override catch(exception: unknown, host: ArgumentsHost): void {
    super.catch(exception, host);
  }
}

@Injectable()
class Tagged implements NestMiddleware {
  use(request: { tagged?: boolean }, _response: object, next: () => void): void {
    request.tagged = true;
    next();
  }
}

@Module({})
class TaggedModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(Tagged).forRoutes('{*path}');
  }
}

@WebSocketGateway()
class Chat {
  @SubscribeMessage('say')
  say(): string {
    return 'heard';
  }
}

const validated = (name: string, options: ConstructorParameters<typeof ValidationPipe>[0]): Neighbour => ({
  name: `ValidationPipe ${name}`,
  surround: () => ({ configure: (app) => app.useGlobalPipes(new ValidationPipe(options)) }),
});

/** What Nest itself can be set to. */
export const SETTINGS: readonly Neighbour[] = [
  { name: 'nothing', always: true, surround: () => ({}) },
  {
    name: 'setGlobalPrefix',
    always: true,
    surround: () => ({ configure: (app) => app.setGlobalPrefix('api'), path: '/api/ledger' }),
  },
  {
    name: 'versions in the address',
    surround: () => ({
      configure: (app) => app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' }),
      path: '/v1/ledger',
    }),
  },
  {
    name: 'versions in a header',
    surround: () => ({
      configure: (app) =>
        app.enableVersioning({ type: VersioningType.HEADER, header: 'x-version', defaultVersion: VERSION_NEUTRAL }),
    }),
  },
  {
    name: 'enableCors',
    surround: () => ({ configure: (app) => app.enableCors({ origin: true, credentials: true }) }),
  },
  validated('as it is', {}),
  validated('with transform, whitelist and forbidNonWhitelisted', {
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
  }),
  validated('with enableImplicitConversion', {
    transform: true,
    transformOptions: { enableImplicitConversion: true },
  }),
  validated('with validateCustomDecorators', { transform: true, whitelist: true, validateCustomDecorators: true }),
  {
    name: 'ClassSerializerInterceptor',
    surround: () => ({
      configure: (app) => app.useGlobalInterceptors(new ClassSerializerInterceptor(app.get(Reflector))),
    }),
  },
  {
    name: 'a global guard, filter and interceptor',
    always: true,
    surround: () => ({
      providers: [
        { provide: APP_GUARD, useClass: Everybody },
        { provide: APP_FILTER, useClass: AllExceptions },
        { provide: APP_INTERCEPTOR, useClass: Timed },
      ],
    }),
  },
  {
    name: 'an interceptor that wraps every result',
    surround: () => ({ configure: (app) => app.useGlobalInterceptors(new Enveloped()) }),
  },
  { name: 'a middleware on every path', surround: () => ({ imports: [TaggedModule] }) },
  { name: 'a gateway of the application', surround: () => ({ providers: [Chat] }) },
  { name: 'useSecurityHeaders', surround: () => ({ configure: (app) => app.useSecurityHeaders() }) },
  { name: 'enableCsrfProtection', surround: () => ({ configure: (app) => app.enableCsrfProtection() }) },
  { name: 'enableShutdownHooks', surround: () => ({ configure: (app) => app.enableShutdownHooks(['SIGUSR2']) }) },
];
