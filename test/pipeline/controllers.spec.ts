import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Controller,
  Get,
  Injectable,
  Render,
  UseGuards,
  ValidationPipe,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import {
  Caller,
  IsAuthenticated,
  IsStaff,
  LiveCaller,
  LiveComponent,
  ModelPermission,
  OnEvent,
  RequirePermissionOn,
  RequirePermissions,
  State,
  type BeforeRender,
  type OnMount,
} from 'nest-live';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { PLATFORMS, RunningApp } from '../e2e/running-app.js';
import { TemporaryFolder } from '../fixtures/rendering/temporary-folder.js';

const USERS: Readonly<Record<string, object>> = {
  ada: { id: 'ada', name: 'Ada', isStaff: true, permissions: ['desk:use'], password: 'hunter2' },
  bob: { id: 'bob', name: 'Bob', password: 'hunter2' },
};

@Injectable()
class Login implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<{ headers: Record<string, string>; user?: object }>();
    request.user = USERS[request.headers['x-user'] ?? ''];
    return true;
  }
}

@UseGuards(Login, IsStaff)
@LiveComponent('badge', {
  template: `<p>{{mounted}}/{{seen}}/{{caller.id}}/{{caller.isStaff}}/{{caller.name}}/{{caller.user.password}}{{caller.password}}</p>`,
})
class Badge implements OnMount, BeforeRender {
  @State() mounted = '';

  onMount(_props: object, @Caller() caller: LiveCaller): void {
    this.mounted = caller.id;
  }

  beforeRender(@Caller() caller: LiveCaller): object {
    return { seen: caller.id };
  }

  @OnEvent()
  look(): void {}
}

@Controller()
@UseGuards(Login)
class Offices {
  @Get('who')
  who(@Caller() caller: LiveCaller): object {
    return { id: caller.id, staff: caller.isStaff };
  }

  @Get('signed-in')
  @UseGuards(IsAuthenticated)
  signedIn(): string {
    return 'in';
  }

  @Get('staff')
  @UseGuards(IsStaff)
  @Render('staff')
  staff(): object {
    return {};
  }

  @Get('permitted')
  @RequirePermissions('desk:use')
  permitted(): string {
    return 'in';
  }

  @Get('by-model')
  @UseGuards(ModelPermission('desk:use'))
  byModel(): string {
    return 'in';
  }

  @Get('on')
  @RequirePermissionOn('desk:clean', () => 'desk:1')
  on(): string {
    return 'in';
  }
}

describe.each(PLATFORMS)('one guard and one caller for pages and components on %s', (platform) => {
  const folder = new TemporaryFolder({ 'staff.hbs': `<main>{{component 'badge'}}</main>` });
  let running: RunningApp;

  beforeAll(async () => {
    running = await RunningApp.start({
      platform,
      controllers: [Offices],
      providers: [Badge],
      options: {
        rendering: { pages: [folder.path], checkFields: false },
        callerFields: ({ user }) => ({ name: (user as { name?: string } | null)?.name }),
      },
      configure: (app) => app.useGlobalPipes(new ValidationPipe({ transform: true, validateCustomDecorators: true })),
    });
  });

  afterAll(async () => {
    await running.close();
    folder.remove();
  });

  const as = (name: string): HttpVisitor => new HttpVisitor(running.url, { 'x-user': name });

  it.each([
    ['signed-in', { nobody: 401, bob: 200, ada: 200 }],
    ['staff', { nobody: 401, bob: 403, ada: 200 }],
    ['permitted', { nobody: 401, bob: 403, ada: 200 }],
    ['by-model', { nobody: 401, bob: 403, ada: 200 }],
    ['on', { nobody: 500, bob: 500, ada: 500 }],
  ])('%s lets the same people in as in front of a component', async (path, expected) => {
    const statuses = await Promise.all(
      Object.keys(expected).map(async (name) => [name, (await as(name).send('GET', `/${path}`)).status]),
    );
    expect(Object.fromEntries(statuses)).toEqual(expected);
  });

  it('a route asks for its caller as a handler does', async () => {
    expect(JSON.parse((await as('ada').send('GET', '/who')).text)).toEqual({ id: 'ada', staff: true });
    expect(JSON.parse((await as('bob').send('GET', '/who')).text)).toEqual({ id: 'bob', staff: false });
    expect(JSON.parse((await as('nobody').send('GET', '/who')).text)).toEqual({ id: '', staff: false });
  });

  it('a render knows its viewer: in hooks, and in the template what is declared', async () => {
    const page = await as('ada').send('GET', '/staff');
    expect(page.text).toContain('ada/ada/ada/true/Ada/</p>');
    expect(page.text).not.toContain('hunter2');
    const [, state = ''] = /live-state="([^"]+)"/.exec(page.text) ?? [];
    expect((await as('ada').ok('badge', { state, event: 'look' })).html).toContain('ada/ada/ada/true/Ada/</p>');
    expect((await as('bob').post('badge', { state, event: 'look' })).reply.ok).toBe(false);
  });
});
