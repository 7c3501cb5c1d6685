import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Controller,
  Get,
  Injectable,
  Param,
  Req,
  Res,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import {
  CallerResolver,
  ComponentsService,
  LiveComponent,
  OnEvent,
  State,
  type CallerInit,
  type OkReply,
} from 'nest-live';

import { applied } from '../properties/applied-patch.js';
import { HttpVisitor } from './http.visitor.js';
import { PLATFORMS, RunningApp } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';

type Headers = Readonly<Record<string, string>>;

class Named extends CallerResolver {
  resolve(request: { readonly headers: Headers }): CallerInit {
    const { 'x-user': id, 'x-role': role } = request.headers;
    return id === undefined ? {} : { user: { id }, sessionId: id, isStaff: role === 'staff' };
  }
}

const barred = new Set<string>();

@Injectable()
class NotBarred implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<{ headers: Headers }>();
    return !barred.has(headers['x-user'] ?? 'nobody');
  }
}

@UseGuards(NotBarred)
@LiveComponent('prices', {
  template:
    '<section class="{{mood}}"><output>{{price}}</output>{{#if caller.isStaff}}<b>cost {{cost}}</b>{{/if}}<i>for {{caller.id}}</i></section>',
})
class Prices {
  @State() price = 100;
  @State() cost = 60;
  @State() mood = 'even';

  @OnEvent()
  raise(): void {
    this.price += 1;
    this.cost += 1;
    this.mood = this.price % 2 === 0 ? 'even' : 'odd';
  }
}

@Controller()
class Pages {
  constructor(private readonly components: ComponentsService) {}

  @Get('prices/:id')
  show(@Param('id') id: string, @Req() request: object, @Res({ passthrough: true }) response: object): Promise<string> {
    return this.components.show(id, { request, response });
  }
}

/** Somebody who looks, and what the page shows: as the browser client puts it together. */
class Onlooker {
  shown = '';

  static async at(app: RunningApp, id: string, headers: Headers): Promise<Onlooker> {
    const visitor = new HttpVisitor(app.url, headers);
    const { text } = await visitor.send('GET', `/prices/${id}`);
    const [, state = '', component_id = ''] = /live-state="([^"]+)" live-id="([^"]+)"/.exec(text) ?? [];
    const socket = await SocketVisitor.connect(app.url, {
      headers: { ...headers, cookie: visitor.cookie },
      auth: { patches: true, takes: 2 },
    });
    const onlooker = new Onlooker(socket, headers);
    socket.socket.onAny((...said: unknown[]) => onlooker.hear(said));
    const reply = await socket.ok('join', { component: 'prices', component_id, state, page: socket.page, keeps: '' });
    onlooker.shown = reply.html ?? text;
    return onlooker;
  }

  private constructor(
    readonly socket: SocketVisitor,
    private readonly headers: Headers,
  ) {}

  get expected(): (price: number) => string {
    const { 'x-user': user = '', 'x-role': role } = this.headers;
    const cost = (price: number) => (role === 'staff' ? `<b>cost ${price - 40}</b>` : '');
    return (price) =>
      `class="${price % 2 === 0 ? 'even' : 'odd'}"><output>${price}</output>${cost(price)}<i>for ${user}</i></section>`;
  }

  private hear([name, ...rest]: readonly unknown[]): void {
    if (name === 'component_update') this.shown = (rest[0] as OkReply).html ?? this.shown;
    if (typeof name !== 'number') return;
    const [, , [, ...parts]] = rest as [number, number, [number, ...never[]]];
    this.shown = applied(this.shown, parts);
  }
}

const until = async (holds: () => boolean): Promise<void> => {
  for (const end = Date.now() + 20_000; !holds() && Date.now() < end;) await new Promise((go) => setTimeout(go, 20));
};

describe.each(PLATFORMS)('one push to viewers with different rights, on %s', (platform) => {
  let app: RunningApp;
  let components: ComponentsService;

  beforeAll(async () => {
    const options = { callerResolver: Named };
    app = await RunningApp.start({ platform, options, controllers: [Pages], providers: [Prices, NotBarred] });
    components = app.app.get(ComponentsService);
  });

  afterAll(() => app.close());

  it('shows each one what it may see, whoever was shown something just before', async () => {
    const { id } = await components.mount('prices');
    const staff = (user: string): Headers => ({ 'x-user': user, 'x-role': 'staff' });
    const user = (name: string): Headers => ({ 'x-user': name });
    const who = [staff('ada'), user('bo'), staff('ada'), {}, user('bo'), staff('cy'), {}, user('di')];
    const onlookers: Onlooker[] = [];
    for (const headers of who) onlookers.push(await Onlooker.at(app, id, headers));
    for (let price = 101; price <= 106; price += 1) {
      await components.update(id, { event: 'raise' });
      await until(() => onlookers.every(({ shown }) => shown.includes(`>${price}<`)));
      for (const { shown, expected } of onlookers) expect(shown).toContain(expected(price));
    }
    for (const { socket } of onlookers) socket.close();
  });

  it('shows nothing more to whom the guard turns away meanwhile, and goes on for the others', async () => {
    const { id } = await components.mount('prices');
    const onlookers: Onlooker[] = [];
    for (const name of ['bo', 'eve', 'bo']) onlookers.push(await Onlooker.at(app, id, { 'x-user': name }));
    barred.add('eve');
    await components.update(id, { event: 'raise' });
    const [first, turned, last] = onlookers;
    await until(() => last.shown.includes('>101<') && turned.socket.errors.length > 0);
    barred.clear();
    expect([first.shown, last.shown].every((shown) => shown.includes('>101<'))).toBe(true);
    expect(turned.shown).toContain('>100<');
    expect(turned.socket.errors).toEqual([
      expect.objectContaining({ error: expect.objectContaining({ code: 'FORBIDDEN' }) }),
    ]);
    for (const { socket } of onlookers) socket.close();
  });
});
