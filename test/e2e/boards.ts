import { Controller, Get, Param, Render } from '@nestjs/common';
import {
  CallerResolver,
  ComponentsService,
  LiveComponent,
  OnEvent,
  RequirePermissions,
  State,
  type CallerInit,
  type CallerRequest,
} from 'nest-live';

import { JoinedKeeper } from '../../src/transport/socket/joined.keeper.js';
import { TemporaryFolder } from '../fixtures/rendering/temporary-folder.js';
import { HttpVisitor } from './http.visitor.js';
import { RunningApp } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';

@LiveComponent('score-board', {
  template: '<section><h2>{{title}}</h2><output>{{points}}</output>{{liveFields}}</section>',
})
export class ScoreBoard {
  /** Points of those that have ended. */
  static readonly destroyed: number[] = [];

  @State() title = '';
  @State() points = 0;

  onMount({ title = 'Board', points = 0 }: { title?: string; points?: number }): void {
    this.title = title;
    this.points = points;
  }

  @OnEvent()
  add(): void {
    this.points += 1;
  }

  @OnEvent()
  fail(): void {
    this.points = -1;
    throw new RangeError('too far');
  }

  onDestroy(): void {
    ScoreBoard.destroyed.push(this.points);
  }
}

@RequirePermissions('board:read')
@LiveComponent('staff-board', { template: '<p>{{word}}</p>' })
export class StaffBoard {
  @State() word = 'open';
}

class TenantCaller extends CallerResolver {
  resolve({ headers }: CallerRequest): CallerInit {
    const permissions = String(headers['x-permissions'] ?? '').split(',');
    return {
      user: { id: headers['x-user'] ?? 'ada' },
      sessionId: 's1',
      tenant: headers['x-tenant'] as string,
      permissions,
    };
  }
}

@Controller()
class Pages {
  constructor(private readonly components: ComponentsService) {}

  @Get('board/:id')
  @Render('board')
  board(@Param('id') id: string): object {
    return { id };
  }

  @Get('raw/:id')
  raw(@Param('id') id: string): Promise<string> {
    return this.components.show(id);
  }
}

interface Shown {
  readonly component: string;
  readonly component_id: string;
  readonly state: string;
  readonly html: string;
}

type Headers = Readonly<Record<string, string>>;

/** An application with pages that show what the server has made. */
export class Boards {
  static async start(): Promise<Boards> {
    const folder = new TemporaryFolder({ 'board.hbs': '<main>{{component instance=id}}</main>' });
    const running = await RunningApp.start({
      providers: [ScoreBoard, StaffBoard],
      controllers: [Pages],
      options: { callerResolver: TenantCaller, rendering: { pages: [folder.path] } },
    });
    // What a push did not bring must not be healed by the sweep.
    running.app.get(JoinedKeeper).stop();
    return new Boards(running, folder);
  }

  private visitors: SocketVisitor[] = [];

  private constructor(
    readonly running: RunningApp,
    private readonly folder: TemporaryFolder,
  ) {}

  get components(): ComponentsService {
    return this.running.app.get(ComponentsService);
  }

  get<T>(token: abstract new (...args: never[]) => T): T {
    return this.running.app.get<T>(token);
  }

  async visit(headers: Headers = {}): Promise<SocketVisitor> {
    const visitor = await SocketVisitor.connect(this.running.url, { headers });
    this.visitors.push(visitor);
    return visitor;
  }

  async page(id: string, headers: Headers = {}): Promise<Shown> {
    const { text } = await new HttpVisitor(this.running.url, headers).send('GET', `/board/${id}`);
    const [, state = '', component_id = '', component = ''] =
      /live-state="([^"]+)" live-id="([^"]+)" live-component="([^"]+)"/.exec(text) ?? [];
    return { state, component_id, component, html: text };
  }

  /** A page that shows it, and its connection. */
  async view(id: string, headers: Headers = {}): Promise<SocketVisitor> {
    const { state, component, component_id } = await this.page(id, headers);
    const visitor = await this.visit(headers);
    await visitor.ok('join', { component, component_id, state, page: visitor.page });
    return visitor;
  }

  /** Everybody leaves, and the server removes what it has made. */
  async clear(): Promise<void> {
    this.visitors.forEach((visitor) => visitor.close());
    this.visitors = [];
    for (const { id } of await this.components.list()) await this.components.remove(id);
    ScoreBoard.destroyed.length = 0;
  }

  async close(): Promise<void> {
    await this.running.close();
    this.folder.remove();
  }
}
