import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Render, type Provider } from '@nestjs/common';
import { LiveComponent, OnEvent, Payload, Session, State, Url } from 'nest-live';

import { TemporaryFolder } from '../fixtures/rendering/temporary-folder.js';
import { HttpVisitor } from './http.visitor.js';
import { RunningApp } from './running-app.js';

@LiveComponent('memo-note', { template: '<p>={{text}};</p>', persist: true })
class MemoNote {
  @State() text = '';

  @OnEvent()
  write(@Payload('text') text: string): void {
    this.text = text;
  }
}

@LiveComponent('paged-list', { template: '<p>page {{page}} for {{#each names}}{{this}} {{/each}}</p>' })
class PagedList {
  @Url() page = 1;
  @State() turns = 0;
  @Session() names: string[] = [];

  @OnEvent()
  next(@Payload('name') name: string): void {
    this.page += 1;
    this.names.push(name);
  }
}

@LiveComponent('desk', {
  template:
    '<section><b>{{n}}</b>{{#each keys}}{{component "memo-note" key=this}}{{/each}}{{component "paged-list"}}</section>',
})
class Desk {
  @State() n = 0;
  @State() keys = ['a', 'b'];

  @OnEvent()
  turn(@Payload('keys') keys?: string[]): void {
    this.n += 1;
    this.keys = keys ?? this.keys;
  }
}

@Controller()
class Desks {
  @Get(['one', 'two'])
  @Render('desks')
  show(): object {
    return {};
  }
}

const PROVIDERS: readonly Provider[] = [Desk, MemoNote, PagedList];

const tagsOf = (markup: string, component: string): readonly string[] =>
  markup.match(new RegExp(`<[^>]*live-component="${component}"[^>]*>`, 'g')) ?? [];
const stateIn = (markup: string, component: string, place = 0): string =>
  / live-state="([^"]*)"/.exec(tagsOf(markup, component)[place] ?? '')?.[1] ?? '';
const idIn = (markup: string, component: string): string =>
  / live-id="([^"]*)"/.exec(tagsOf(markup, component)[0] ?? '')?.[1] ?? '';
const notesIn = (markup: string): readonly string[] =>
  [...markup.matchAll(/<p[^>]*memo-note[^>]*>=([^<]*);/g)].map(([, text]) => text);

describe('a component in a template', () => {
  let running: RunningApp;
  let folder: TemporaryFolder;

  const start = async (): Promise<HttpVisitor> => {
    folder = new TemporaryFolder({
      'desks.hbs': "<main>{{component 'desk' key='left'}}{{component 'desk' key='right'}}</main>",
    });
    running = await RunningApp.start({
      providers: PROVIDERS,
      controllers: [Desks],
      options: { rendering: { pages: [folder.path] } },
    });
    return new HttpVisitor(running.url);
  };

  afterEach(async () => {
    await running.close();
    folder.remove();
  });

  it('that persists comes back by page, by its key and by its owners’ keys', async () => {
    const visitor = await start();
    const page = (await visitor.send('GET', '/one')).text;
    const write = (place: number, text: string): Promise<object> =>
      visitor.ok('memo-note', { state: stateIn(page, 'memo-note', place), event: 'write', payload: { text } });
    await write(1, 'left b');
    await write(2, 'right a');

    expect(notesIn((await visitor.send('GET', '/one')).text)).toEqual(['', 'left b', 'right a', '']);
    expect(notesIn((await visitor.send('GET', '/two')).text)).toEqual(['', '', '', '']);
  });

  it('that persists and comes with an event is the one that its page will have', async () => {
    const visitor = await start();
    const page = (await visitor.send('GET', '/one')).text;
    const turned = await visitor.ok('desk', {
      state: stateIn(page, 'desk'),
      event: 'turn',
      payload: { keys: ['a', 'c', 'b'] },
    });
    const state = stateIn(turned.html ?? '', 'memo-note', 1);
    await visitor.ok('memo-note', { state, event: 'write', payload: { text: 'new' } });

    const again = (await visitor.send('GET', '/one')).text;
    const shown = await visitor.ok('desk', {
      state: stateIn(again, 'desk'),
      event: 'turn',
      payload: { keys: ['c'] },
    });
    expect(notesIn(shown.html ?? '')).toEqual(['new']);
  });

  it('reads its page’s address and its caller’s session, and writes them', async () => {
    const visitor = await start();
    const page = (await visitor.send('GET', '/one?page=4')).text;
    expect(page).toContain('page 4 for');
    const { html: after = '', effects } = await visitor.ok('paged-list', {
      state: stateIn(page, 'paged-list'),
      event: 'next',
      payload: { name: 'Ada' },
    });
    expect(after).toContain('page 5 for Ada');
    expect(effects).toMatchObject({ url: { query: { page: ['5'] } } });

    const turned = await visitor.ok('desk', { state: stateIn(page, 'desk'), event: 'turn' });
    expect(turned.html).toContain('page 5 for Ada');
    expect((await visitor.send('GET', '/two?page=2')).text).toContain('page 2 for Ada');
  });

  it('keeps the page’s address until it is used, whoever is rendered around it', async () => {
    const visitor = await start();
    const page = (await visitor.send('GET', '/one?page=4')).text;
    const turned = await visitor.ok('desk', { state: stateIn(page, 'desk'), event: 'turn' });
    expect(turned.html).toContain('page 4 for');
    expect(idIn(turned.html ?? '', 'paged-list')).toBe(idIn(page, 'paged-list'));
  });
});
