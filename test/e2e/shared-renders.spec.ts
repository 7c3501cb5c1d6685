import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Inject, Injectable, Scope, UseGuards, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import {
  CallerResolver,
  ComponentsService,
  Computed,
  LiveComponent,
  LivePublisher,
  OnEvent,
  OnTopic,
  State,
  Temporary,
  type CallerInit,
  type LiveContext,
} from 'nest-live';
import { Feature, type LiveFeature } from 'nest-live/extend';

import { PLATFORMS, RunningApp } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';

type Headers = Readonly<Record<string, string>>;

class Named extends CallerResolver {
  resolve(request: { readonly headers: Headers }): CallerInit {
    const { 'x-user': id } = request.headers;
    return id === undefined ? {} : { user: { id }, sessionId: id };
  }
}

const VIEWERS = ['ada', 'bo', 'cy', 'di', 'eve', 'fay', 'gus', 'hal'];

/** Renders by the name of the component. */
const drawn = new Map<string, number>();
const helpers = {
  drawn: (name: string): string => {
    drawn.set(name, (drawn.get(name) ?? 0) + 1);
    return '';
  },
  nameIn: (view: { readonly caller: { readonly id: string } }): string => view.caller.id,
};

class News {
  @State() text = 'none';

  @OnEvent()
  tell(): void {
    this.text = 'told';
  }

  @OnTopic('news')
  hear(text: string): void {
    this.text = text;
  }
}

@LiveComponent('plain', { template: `<p>{{drawn 'plain'}}{{text}}{{loud}}</p>` })
class Plain extends News {
  @Computed()
  get loud(): string {
    return this.text.toUpperCase();
  }
}

@LiveComponent('naming', { template: `<p>{{drawn 'naming'}}{{text}} for {{caller.id}}</p>` })
class Naming extends News {}

@LiveComponent('whole', { template: `<p>{{drawn 'whole'}}{{text}} for {{nameIn this}}</p>` })
class Whole extends News {}

const LINES = Array.from({ length: 20 }, (_, line) => ({ line }));

@LiveComponent('lines', {
  template: `<ul>{{drawn 'lines'}}{{#each rows}}<li>{{line}} {{../text}} for {{@root.caller.id}}</li>{{/each}}</ul>`,
})
class Lines extends News {
  @State() rows = LINES;
}

@LiveComponent('owner', { template: `<div>{{drawn 'owner'}}<b>{{text}}</b>{{component 'child' text=text}}</div>` })
class Owner extends News {}

@LiveComponent('child', { template: `<i>for {{caller.id}}</i>` })
class Child {}

@LiveComponent('hooked', { template: `<p>{{drawn 'hooked'}}{{text}}{{turn}}</p>` })
class Hooked extends News {
  beforeRender(): object {
    return { turn: drawn.get('hooked') };
  }
}

@Injectable({ scope: Scope.REQUEST })
class Asked {
  constructor(@Inject(REQUEST) readonly request: { readonly headers: Headers }) {}
}

@LiveComponent('scoped', { template: `<p>{{drawn 'scoped'}}{{text}} for {{reader}}</p>` })
class Scoped extends News {
  constructor(private readonly asked: Asked) {
    super();
  }

  @Computed()
  get reader(): string {
    return this.asked.request.headers['x-user'];
  }
}

@LiveComponent('sealed', { template: `<p>{{drawn 'sealed'}}{{text}}<input type="hidden" value="{{token}}" /></p>` })
class Sealed extends News {}

@Injectable()
class Marks implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<{ headers: Headers }>();
    const live = context.getArgByIndex<LiveContext>(3);
    if (live.component) (live.component as Guarded).reader = headers['x-user'];
    return true;
  }
}

@UseGuards(Marks)
@LiveComponent('guarded', { template: `<p>{{drawn 'guarded'}}{{text}} for {{who}}</p>` })
class Guarded extends News {
  reader = '';

  @Computed()
  get who(): string {
    return this.reader;
  }
}

@LiveComponent('featured', { template: `<p>{{drawn 'featured'}}{{text}} for {{reader}}</p>` })
class Featured extends News {}

@LiveComponent('made', { template: `<p>{{text}} for {{reader}}</p>` })
class Made extends News {
  @Temporary() reader = '';
}

@Feature()
class Reader implements LiveFeature {
  onMake(ctx: LiveContext): void {
    if (ctx.definition.name === 'made') (ctx.component as Made).reader = ctx.caller.id;
  }

  onView(ctx: LiveContext, add: (name: string, value: unknown) => void): void {
    if (ctx.definition.name === 'featured') add('reader', ctx.caller.id);
  }

  viewNames(): readonly string[] {
    return ['reader'];
  }
}

const until = async (holds: () => boolean): Promise<void> => {
  for (const end = Date.now() + 20_000; !holds() && Date.now() < end;) await new Promise((go) => setTimeout(go, 20));
};

const COMPONENTS = [Plain, Naming, Whole, Lines, Owner, Child, Hooked, Scoped, Sealed, Guarded, Featured, Made];

describe.each(PLATFORMS)('viewers of one state, on %s', (platform) => {
  let app: RunningApp;
  let visitors: SocketVisitor[];

  beforeAll(async () => {
    const options = { callerResolver: Named, rendering: { helpers } };
    app = await RunningApp.start({ platform, options, providers: [...COMPONENTS, Asked, Marks, Reader] });
  });

  beforeEach(() => drawn.clear());

  afterAll(() => app.close());

  const get = <T>(token: abstract new (...args: never[]) => T): T => app.app.get<T>(token);

  const watch = async (component: string, auth = {}): Promise<string> => {
    const { id } = await get(ComponentsService).mount(component);
    visitors = await Promise.all(
      VIEWERS.map((user) => SocketVisitor.connect(app.url, { headers: { 'x-user': user }, auth })),
    );
    for (const visitor of visitors) await visitor.ok('subscribe', { component, component_id: id });
    drawn.clear();
    return id;
  };

  /** What each is shown next. */
  const shown = async (count = 1): Promise<string[]> => {
    const pushes = await Promise.all(visitors.map((visitor) => visitor.pushed(count)));
    return pushes.map(({ html }) => html);
  };

  const leave = (): void => visitors.forEach((visitor) => visitor.close());

  it('are shown one render of a message, of another one’s event, and of a push', async () => {
    const id = await watch('plain');
    await get(LivePublisher).broadcast('news', 'rain');
    for (const html of await shown()) expect(html).toContain('rainRAIN</p>');
    expect(drawn.get('plain')).toBe(1);

    await get(ComponentsService).update(id, { event: 'tell' });
    for (const html of await shown(2)) expect(html).toContain('toldTOLD</p>');
    drawn.clear();

    await get(LivePublisher).push({ instance: id });
    for (const html of await shown(3)) expect(html).toContain('toldTOLD</p>');
    expect(drawn.get('plain')).toBe(1);
    expect(visitors.map(({ updates }) => updates.map(({ render }) => render))).toEqual(VIEWERS.map(() => [2, 3, 4]));
    leave();
  });

  it.each(['naming', 'whole', 'scoped', 'guarded', 'featured'])('are each shown their own: %s', async (component) => {
    const id = await watch(component);
    await get(LivePublisher).broadcast('news', 'rain');
    expect((await shown()).map((html) => /rain for (\w*)/.exec(html)?.[1])).toEqual(VIEWERS);
    await get(LivePublisher).push({ instance: id });
    expect((await shown(2)).map((html) => /rain for (\w*)/.exec(html)?.[1])).toEqual(VIEWERS);
    expect(drawn.get(component)).toBe(2 * VIEWERS.length);
    leave();
  });

  it('are each shown their own rows, also where rows are remembered', async () => {
    await watch('lines', { patches: true });
    const said = visitors.map(() => '');
    visitors.forEach(({ socket }, i) => socket.onAny((...message) => (said[i] = JSON.stringify(message))));
    const names = (text: string): string[] =>
      said.flatMap((one) => new Set(one.match(RegExp(`${text} for \\w+`, 'g')))).flatMap((found) => [...found]);
    for (const text of ['rain', 'snow', 'hail']) {
      await get(LivePublisher).broadcast('news', text);
      await until(() => names(text).length >= VIEWERS.length);
      expect(names(text)).toEqual(VIEWERS.map((user) => `${text} for ${user}`));
    }
    leave();
  });

  it('are each shown what a feature fills for them', async () => {
    const id = await watch('made');
    await get(LivePublisher).push({ instance: id });
    expect((await shown()).map((html) => /none for (\w*)/.exec(html)?.[1])).toEqual(VIEWERS);
    leave();
  });

  it('are each shown their own child', async () => {
    await watch('owner');
    await get(LivePublisher).broadcast('news', 'rain');
    expect((await shown()).map((html) => /for (\w*)/.exec(html)?.[1])).toEqual(VIEWERS);
    leave();
  });

  it('each have their own token', async () => {
    await watch('sealed');
    await get(LivePublisher).broadcast('news', 'rain');
    const tokens = (await shown()).map((html) => /value="([^"]+)"/.exec(html)?.[1]);
    expect(new Set(tokens).size).toBe(VIEWERS.length);
    leave();
  });

  it('are each asked for by a hook before the render', async () => {
    await watch('hooked');
    await get(LivePublisher).broadcast('news', 'rain');
    await shown();
    expect(drawn.get('hooked')).toBe(VIEWERS.length);
    leave();
  });
});
