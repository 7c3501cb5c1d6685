import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { UseGuards, type CanActivate } from '@nestjs/common';
import {
  CallerResolver,
  ComponentsService,
  LiveComponent,
  LivePublisher,
  OnEvent,
  OnTopic,
  Payload,
  State,
  type CallerInit,
  type OkReply,
} from 'nest-live';

import { RunningApp } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';

/** What was rendered, given and asked, in order. */
const diary: string[] = [];

class Named extends CallerResolver {
  resolve({ headers }: { readonly headers: Readonly<Record<string, string>> }): CallerInit {
    const { 'x-user': id } = headers;
    return id === undefined ? {} : { user: { id }, sessionId: id };
  }
}

class Doorman implements CanActivate {
  canActivate(): boolean {
    diary.push('asked');
    return true;
  }
}

class Plant {
  @State() name = '';
  @State() water = 0;

  onMount({ name }: { name: string }): void {
    this.name = name;
  }

  onProps({ name }: { name: string }): void {
    diary.push(`given ${name}`);
    this.name = name;
  }

  beforeRender(): void {
    diary.push(`render ${this.name}`);
  }

  @OnEvent()
  pour(): void {
    this.water += 1;
  }
}

@LiveComponent('pot', { template: '<p>{{name}} of {{caller.id}}: {{water}}</p>' })
class Pot extends Plant {}

@UseGuards(Doorman)
@LiveComponent('safe', { template: '<p>{{name}}</p>' })
class Safe extends Plant {}

@LiveComponent('rack', { template: '<div>{{component "safe" key="in" name="safe"}}</div>' })
class Rack extends Plant {}

@LiveComponent('shelf', {
  publicProps: ['kind', 'pots'],
  template: '<section><h2>{{note}}</h2>{{#each pots}}{{component ../kind key=key name=name}}{{/each}}</section>',
})
class Shelf {
  @State() note = '';
  @State() kind = 'pot';
  @State() pots: { key: string; name: string }[] = [];

  onMount({ kind = 'pot', pots = [] }: { kind?: string; pots?: string[] }): void {
    this.kind = kind;
    this.pots = pots.map((key) => ({ key, name: key }));
  }

  @OnEvent()
  say(@Payload() note: string): void {
    this.note = note;
  }

  @OnTopic('shelves')
  hear(note: string): void {
    this.note = note;
  }

  @OnEvent()
  name(@Payload('key') key: string, @Payload('name') name: string): void {
    this.pots = this.pots.map((pot) => (pot.key === key ? { key, name } : pot));
  }

  @OnEvent()
  put(@Payload('key') key: string): void {
    this.pots = [...this.pots, { key, name: key }];
  }
}

describe('children that a page shows', () => {
  let running: RunningApp;

  beforeAll(async () => {
    running = await RunningApp.start({
      providers: [Shelf, Pot, Safe, Rack],
      options: { callerResolver: Named, limits: { eventsPerSecond: 0 } },
    });
  });

  beforeEach(() => {
    diary.length = 0;
  });

  afterAll(() => running.close());

  const dial = (user: string, auth: object = { patches: true }): Promise<SocketVisitor> =>
    SocketVisitor.connect(running.url, { auth, headers: { 'x-user': user } });

  /** All that a visitor is told from now on. */
  const heard = ({ socket }: SocketVisitor): (readonly unknown[])[] => {
    const all: (readonly unknown[])[] = [];
    socket.onAny((...said: unknown[]) => all.push(said));
    return all;
  };

  const told = async (all: readonly (readonly unknown[])[], isIt: (said: readonly unknown[]) => boolean) => {
    for (;;) {
      const it = all.find(isIt);
      if (it) return it;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };

  /** A page that has joined its shelf, and each of the children in it. */
  const open = async (props: object, joined = /pot/) => {
    const visitor = await dial('ada');
    const { component_id, state, html = '' } = await visitor.ok('mount', { component: 'shelf', params: props });
    const shelf = await visitor.ok('join', { component: 'shelf', component_id, state, page: visitor.page });
    const children: OkReply[] = [];
    for (const [tag] of html.matchAll(/<\w+ [^>]*live-component="(?!shelf)[^>]*>/g)) {
      const [, component] = /live-component="(\w+)"/.exec(tag)!;
      if (!joined.test(component)) continue;
      const [, token] = /live-state="([^"]+)"/.exec(tag)!;
      children.push(await visitor.ok('join', { component, state: token, page: visitor.page }));
    }
    let seq = 0;
    /** An event of the shelf, and what was done for it. */
    const done = async (event: string, payload: unknown): Promise<string[]> => {
      diary.length = 0;
      const reply = await visitor.ask(shelf.h!, (seq += 1), event, payload);
      expect(Array.isArray(reply) || reply.ok).toBe(true);
      return diary.splice(0);
    };
    return { visitor, shelf, children, done };
  };

  it('are not rendered again with their owner', async () => {
    const { visitor, done } = await open({ pots: ['a', 'b'] });
    expect(await done('say', 'one')).toEqual(['render a', 'render b']);
    expect(await done('say', 'two')).toEqual([]);
    expect(await done('say', 'three')).toEqual([]);
    visitor.close();
  });

  it('are rendered until what they were given is saved, and other ones are not for that', async () => {
    const { visitor, children, done } = await open({ pots: ['a', 'b'] });
    await done('say', 'one');
    const pushes = heard(visitor);
    expect(await done('name', { key: 'a', name: 'A' })).toEqual(expect.arrayContaining(['given A', 'render A']));
    // What it was given has changed it: its own page is shown that, and the shelf's was shown nothing of it.
    await told(pushes, (said) => said[0] === children[0].h && JSON.stringify(said).includes('A of ada'));
    expect(await done('say', 'two')).toEqual(['render A']);
    expect(await done('say', 'three')).toEqual([]);
    expect(await done('name', { key: 'a', name: 'b' })).toEqual(expect.arrayContaining(['given b']));
    visitor.close();
  });

  it('stay as they are when another one comes', async () => {
    const { visitor, done } = await open({ pots: ['a', 'b'] });
    await done('say', 'one');
    expect(await done('put', { key: 'c' })).toEqual(['render c']);
    visitor.close();
  });

  it.each([
    ['safe', /safe/],
    ['rack', /rack|safe/],
    ['rack', /rack/],
  ])('are asked for each time where somebody guards what is in them: %s, joined %s', async (kind, joined) => {
    const { visitor, done } = await open({ kind, pots: ['a'] }, joined);
    await done('say', 'one');
    expect(await done('say', 'two')).toContain('asked');
    expect(await done('say', 'three')).toContain('asked');
    visitor.close();
  });

  it('are shown as they are now to a page that asks for the whole', async () => {
    const { visitor, shelf, children, done } = await open({ pots: ['a', 'b'] });
    await done('say', 'one');
    await visitor.ask(children[0].h!, 1, 'pour');
    await done('say', 'two');
    const { state } = shelf;
    const { html } = await visitor.ok('join', { component: 'shelf', state, page: visitor.page, fresh: true });
    expect(html).toContain('a of ada: 1');
    visitor.close();
  });

  it('are those of who looks: nobody is shown what was rendered for somebody else', async () => {
    const { id } = await running.app.get(ComponentsService).mount('shelf', { props: { pots: ['a'] } });
    const [ada, bo] = [await dial('ada'), await dial('bo', {})];
    const joined = await ada.ok('subscribe', { component: 'shelf', component_id: id });
    await bo.ok('subscribe', { component: 'shelf', component_id: id });
    const pushes = heard(bo);
    const isShown = (note: string) => (said: readonly unknown[]) => JSON.stringify(said).includes(`<h2>${note}`);
    for (const [seq, note] of ['one', 'two'].entries()) {
      await ada.ask(joined.h!, seq + 1, 'say', note);
      await told(pushes, isShown(note));
    }
    diary.length = 0;
    await running.app.get(LivePublisher).broadcast('shelves', 'three');
    expect(JSON.stringify(await told(pushes, isShown('three')))).toContain('a of bo: 0');
    expect(diary).toEqual(['render a']);
    ada.close();
    bo.close();
  });
});
