import { afterAll, describe, expect, it } from '@jest/globals';
import {
  Controller,
  Get,
  Injectable,
  Module,
  Post,
  Render,
  Req,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
  type INestApplication,
  type Type,
} from '@nestjs/common';
import { Caller, IsStaff, LiveCaller, LiveComponent, OnEvent, State } from 'nest-live';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { PLATFORMS, RunningApp, type PlatformName } from '../e2e/running-app.js';
import { SocketVisitor } from '../e2e/socket.visitor.js';
import { TemporaryFolder } from '../fixtures/rendering/temporary-folder.js';
import { installed } from './packages/installed.js';

interface User {
  readonly id: string;
  readonly isStaff: boolean;
}

const PEOPLE: Readonly<Record<string, User>> = {
  ada: { id: 'ada', isStaff: true },
  bob: { id: 'bob', isStaff: false },
};

interface Recipe {
  readonly platforms: readonly PlatformName[];
  /** Stands in front of the page and of the component. */
  readonly guard: Type<CanActivate>;
  readonly imports?: readonly Type[];
  readonly controllers?: readonly Type[];
  readonly configure?: (app: INestApplication) => unknown;
  /** Signs somebody in: the headers that come along from then on. */
  readonly signIn: (url: string, name: string) => Promise<Record<string, string>>;
}

type Middleware = (request: object, response: object, next: () => void) => void;
type Verify = (name: string, password: string, done: (error: null, user: User | false) => void) => void;

interface Passport {
  use(strategy: object): void;
  serializeUser(write: (user: User, done: (error: null, id: string) => void) => void): void;
  deserializeUser(read: (id: string, done: (error: null, user: User | false) => void) => void): void;
  initialize(): Middleware;
  session(): Middleware;
}

const { AuthGuard, PassportStrategy } = await installed<{
  AuthGuard: (name: string) => Type<CanActivate & { logIn(request: object): Promise<void> }>;
  PassportStrategy: (strategy: unknown, name?: string) => new (...options: unknown[]) => object;
}>('@nestjs/passport');
const { default: passport } = await installed<{ default: Passport }>('passport');
const { default: local } = await installed<{ default: { Strategy: new (verify: Verify) => object } }>('passport-local');
const { default: passportJwt } = await installed<{
  default: {
    Strategy: unknown;
    ExtractJwt: { fromExtractors(all: unknown[]): unknown; fromAuthHeaderAsBearerToken(): unknown };
  };
}>('passport-jwt');
const { JwtService } = await installed<{ JwtService: new (options: object) => { sign(payload: object): string } }>(
  '@nestjs/jwt',
);
const { default: session } = await installed<{ default: (options: object) => Middleware }>('express-session');
const { default: secureSession } = await installed<{ default: unknown }>('@fastify/secure-session');

const SECRET = 'of this test alone, and thirty-two bytes at least';

const cookieOf = ({ headers }: Response): Record<string, string> => ({
  cookie: headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; '),
});

/* passport-local, and a session that remembers who it was. */

@Injectable()
class LocalStrategy extends PassportStrategy(local.Strategy) {
  validate(name: string): User | undefined {
    return PEOPLE[name];
  }
}

@Injectable()
class LocalLogin extends AuthGuard('local') {
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const passed = (await super.canActivate(context)) as boolean;
    await super.logIn(context.switchToHttp().getRequest());
    return passed;
  }
}

@Injectable()
class Remembered implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.switchToHttp().getRequest<{ isAuthenticated(): boolean }>().isAuthenticated();
  }
}

@Controller('login')
class LocalController {
  @Post()
  @UseGuards(LocalLogin)
  login(): string {
    return 'in';
  }
}

@Module({ providers: [LocalStrategy] })
class LocalModule {}

/* A JWT, in a cookie or as a bearer. */

interface Cookied {
  readonly headers: { readonly cookie?: string };
}

@Injectable()
class JwtStrategy extends PassportStrategy(passportJwt.Strategy) {
  constructor() {
    const inCookie = ({ headers }: Cookied): string | null =>
      /(?:^|; )jwt=([^;]+)/.exec(headers.cookie ?? '')?.[1] ?? null;
    const { fromExtractors, fromAuthHeaderAsBearerToken } = passportJwt.ExtractJwt;
    super({ jwtFromRequest: fromExtractors([inCookie, fromAuthHeaderAsBearerToken()]), secretOrKey: SECRET });
  }

  validate({ sub }: { readonly sub: string }): User | undefined {
    return PEOPLE[sub];
  }
}

@Module({ providers: [JwtStrategy] })
class JwtModule {}

const tokenOf = (name: string): string => new JwtService({ secret: SECRET }).sign({ sub: name });

/* @fastify/secure-session: the session is the cookie. */

interface Sealed {
  session: { get(name: string): string | undefined; set(name: string, value: string): void };
  user?: User;
  query: { name: string };
}

@Injectable()
class SealedSession implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Sealed>();
    request.user = PEOPLE[request.session.get('user') ?? ''];
    return request.user !== undefined;
  }
}

@Controller('login')
class SealedController {
  @Post()
  login(@Req() request: Sealed): string {
    request.session.set('user', request.query.name);
    return 'in';
  }
}

/* An own guard. */

@Injectable()
class OwnGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<{ headers: Record<string, string>; user?: User }>();
    request.user = PEOPLE[request.headers['x-user'] ?? ''];
    return request.user !== undefined;
  }
}

const RECIPES: Readonly<Record<string, Recipe>> = {
  'passport-local with express-session': {
    platforms: ['express'],
    guard: Remembered,
    imports: [LocalModule],
    controllers: [LocalController],
    configure: (app) => {
      passport.serializeUser((user, done) => done(null, user.id));
      passport.deserializeUser((id, done) => done(null, PEOPLE[id] ?? false));
      app.use(session({ secret: SECRET, resave: false, saveUninitialized: false }));
      app.use(passport.initialize());
      app.use(passport.session());
    },
    signIn: async (url, name) => {
      const body = new URLSearchParams({ username: name, password: 'any' });
      return cookieOf(await fetch(`${url}/login`, { method: 'POST', body }));
    },
  },
  'a JWT in a cookie': {
    platforms: PLATFORMS,
    guard: AuthGuard('jwt'),
    imports: [JwtModule],
    signIn: (_url, name) => Promise.resolve({ cookie: `jwt=${tokenOf(name)}` }),
  },
  'a JWT as bearer': {
    platforms: PLATFORMS,
    guard: AuthGuard('jwt'),
    imports: [JwtModule],
    signIn: (_url, name) => Promise.resolve({ authorization: `Bearer ${tokenOf(name)}` }),
  },
  '@fastify/secure-session': {
    platforms: ['fastify'],
    guard: SealedSession,
    controllers: [SealedController],
    configure: (app) =>
      (app as unknown as { register(plugin: unknown, options: object): Promise<void> }).register(secureSession, {
        key: Buffer.alloc(32, 7),
        cookie: { path: '/' },
      }),
    signIn: async (url, name) => cookieOf(await fetch(`${url}/login?name=${name}`, { method: 'POST' })),
  },
  'an own guard': {
    platforms: PLATFORMS,
    guard: OwnGuard,
    signIn: (_url, name) => Promise.resolve({ 'x-user': name }),
  },
};

const ROWS = Object.entries(RECIPES).flatMap(([name, recipe]) =>
  recipe.platforms.map((platform) => ({ name, platform, recipe })),
);

/** A page that only staff may see, and a component in it, behind the same guards. */
const officeOf = (guard: Type<CanActivate>): { readonly page: Type; readonly till: Type } => {
  @UseGuards(guard, IsStaff)
  @LiveComponent('till', { template: '<p><output>{{count}} of {{caller.id}}</output></p>' })
  class Till {
    @State() count = 0;

    @OnEvent()
    add(): void {
      this.count += 1;
    }
  }

  @Controller('office')
  @UseGuards(guard, IsStaff)
  class Office {
    @Get()
    @Render('office')
    office(@Caller() caller: LiveCaller): object {
      return { who: caller.id };
    }
  }
  return { page: Office, till: Till };
};

describe.each(ROWS)('$name on $platform', ({ platform, recipe }) => {
  const folder = new TemporaryFolder({ 'office.hbs': `<h1>{{who}}</h1>{{component 'till'}}` });

  afterAll(() => folder.remove());

  it('is one login for a page that staff may see, its clicks over HTTP and its socket', async () => {
    const { page, till } = officeOf(recipe.guard);
    const running = await RunningApp.start({
      platform,
      imports: recipe.imports,
      controllers: [page, ...(recipe.controllers ?? [])],
      providers: [till],
      configure: recipe.configure,
      options: { rendering: { pages: [folder.path] } },
    });
    const { url } = running;
    const shown = async (visitor: HttpVisitor): Promise<string> =>
      /live-state="([^"]+)"/.exec((await visitor.send('GET', '/office')).text)?.[1] ?? '';
    try {
      const headers = await recipe.signIn(url, 'ada');
      const ada = new HttpVisitor(url, headers);
      expect((await ada.send('GET', '/office')).text).toContain('<h1>ada</h1>');
      const { html } = await ada.ok('till', { state: await shown(ada), event: 'add' });
      expect(html).toContain('1 of ada');

      const state = await shown(ada);
      const socket = await SocketVisitor.connect(url, { headers });
      const { component_id } = await socket.ok('join', { component: 'till', state, page: socket.page });
      const reply = await socket.event(component_id, 'add');
      expect(reply).toMatchObject({ ok: true, html: expect.stringContaining('1 of ada') as unknown });
      socket.close();

      const bob = new HttpVisitor(url, await recipe.signIn(url, 'bob'));
      expect((await bob.send('GET', '/office')).status).toBe(403);
      expect((await bob.refused('till', { state, event: 'add' })).ok).toBe(false);
      const nobody = await new HttpVisitor(url).send('GET', '/office');
      expect([401, 403]).toContain(nobody.status);
    } finally {
      await running.close();
    }
  });
});
