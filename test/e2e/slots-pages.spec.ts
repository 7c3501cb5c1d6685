import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Render } from '@nestjs/common';
import { compose, ComponentsService, html, LiveComponent, OnEvent, Payload, State } from 'nest-live';

import { TemporaryFolder } from '../fixtures/rendering/temporary-folder.js';
import { Board, diary, Task } from './boards-of-cards.js';
import { HttpVisitor } from './http.visitor.js';
import { PLATFORMS, RunningApp } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';

@LiveComponent('frame', {
  slots: ['header', 'body'],
  template:
    '<article><header>{{#if slots.header}}{{slots.header}}{{else}}no header{{/if}}</header><b>{{n}}</b>{{slots.body}}<button live-click="turn">turn</button>{{liveFields}}</article>',
})
class Frame {
  @State() n = 0;

  @OnEvent()
  turn(): void {
    this.n += 1;
  }
}

@LiveComponent('gallery', {
  template: '<section>{{note}}{{picture}}<i>{{plain}}</i></section>',
})
class Gallery {
  @State() note = '';

  beforeRender() {
    return {
      picture: compose(Frame, {
        key: 'one',
        header: '<script>',
        body: html`<p>${this.note}</p>
          ${compose(Task, { key: 't', props: { id: 't', title: 'T' } })}`,
      }),
    };
  }

  @State() plain = 'plain';

  @OnEvent()
  say(@Payload('note') note: string): void {
    this.note = note;
  }
}

const PAGES: Record<string, string> = {
  slots:
    "<main>{{#component 'frame'}}\n {{#slot 'header'}}<h1>{{title}}</h1>{{/slot}}\n {{#slot 'body'}}{{component 'task' id='in' title='In'}}{{/slot}}\n{{/component}}</main>",
  composed: '<main>{{frame}}</main>',
  unknown: "<main>\n{{#component 'frame'}}{{#slot 'footer'}}x{{/slot}}{{/component}}</main>",
  stray: "<main>{{#slot 'header'}}x{{/slot}}</main>",
};

@Controller()
class SlotPages {
  @Get('slots')
  @Render('slots')
  slots(): object {
    return { title: 'A&B' };
  }

  @Get('composed')
  @Render('composed')
  composed(): object {
    return { frame: compose(Frame, { header: 'composed', body: compose(Task, { props: { id: 'c' } }) }) };
  }

  @Get('unknown')
  @Render('unknown')
  unknown(): object {
    return {};
  }

  @Get('stray')
  @Render('stray')
  stray(): object {
    return {};
  }
}

const attribute = (markup: string, component: string, name: string): string => {
  const tag = new RegExp(`<[^>]*live-component="${component}"[^>]*>`).exec(markup)?.[0] ?? '';
  return new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? '';
};
const stateOf = (markup: string, component: string): string => attribute(markup, component, 'live-state');
const idIn = (markup: string, component: string): string => attribute(markup, component, 'live-id');

describe.each(PLATFORMS)('slots and nesting on %s', (platform) => {
  let running: RunningApp;
  let pages: TemporaryFolder;
  let visitor: HttpVisitor;

  beforeAll(async () => {
    pages = new TemporaryFolder(Object.fromEntries(Object.entries(PAGES).map(([name, text]) => [`${name}.hbs`, text])));
    running = await RunningApp.start({
      platform,
      options: { rendering: { pages: [pages.path] } },
      controllers: [SlotPages],
      providers: [Board, Task, Frame, Gallery],
    });
    visitor = new HttpVisitor(running.url);
  });

  afterAll(async () => {
    await running.close();
    pages.remove();
  });

  const asHtml = (component: string, body: Record<string, string>) =>
    visitor.form(component, body, { accept: 'text/html', 'hx-request': 'true' });

  it('fills named slots in a page, and mounts what stands in them', async () => {
    const { text, status } = await visitor.send('GET', '/slots');

    expect(status).toBe(200);
    expect(text).toContain('<header><h1>A&amp;B</h1></header>');
    expect(text).toMatch(/<b>0<\/b><li live-id="[\w-]{22}" live-component="task"|<b>0<\/b><li live-state/);
    expect(text.match(/live-state="/g)).toHaveLength(2);
  });

  it('keeps what stands in a slot, without our client, when the component around it is rendered again', async () => {
    const { text } = await visitor.send('GET', '/slots');
    const task = await asHtml('task', { state: stateOf(text, 'task'), event: 'add' });
    expect(task.text).toContain('<output>1</output>');

    const frame = await asHtml('frame', { state: stateOf(text, 'frame'), event: 'turn' });
    expect(frame.text).toContain('<b>1</b>');
    expect(frame.text).toContain('In: <output>1</output>');
    const again = await asHtml('task', { state: stateOf(frame.text, 'task'), event: 'add' });
    expect(again.text).toContain('<output>2</output>');
    const more = await asHtml('frame', { state: stateOf(frame.text, 'frame'), event: 'turn' });
    expect(more.text).toContain('In: <output>2</output>');
  });

  it('mounts what a controller composed', async () => {
    const { text } = await visitor.send('GET', '/composed');

    expect(text).toContain('<header>composed</header>');
    expect(text).toContain('live-component="task"');
  });

  it('says with file and line which slot there is not', async () => {
    expect((await visitor.send('GET', '/unknown')).status).toBe(500);
    const components = running.app.get(ComponentsService);
    await expect(components.render('frame', {}, { slots: { footer: 'x' } })).rejects.toMatchObject({
      code: 'SLOT_UNKNOWN',
    });
    expect((await visitor.send('GET', '/stray')).status).toBe(500);
  });

  it('takes composed components in a template, escapes text in slots, and keeps the children', async () => {
    const { html: markup = '' } = await visitor.mount('gallery');
    expect(markup).toContain('&#60;script&#62;');
    const task = await visitor.ok('task', { state: stateOf(markup, 'task'), event: 'add', seq: 1 });
    expect(task.html).toContain('T: <output>1</output>');
    const frame = await asHtml('frame', { state: stateOf(markup, 'frame'), event: 'turn' });
    expect(frame.text).toContain('T: <output>1</output>');

    const said = await visitor.ok('gallery', {
      state: stateOf(markup, 'gallery'),
      event: 'say',
      payload: { note: 'hey' },
      seq: 1,
    });
    expect(said.html).toContain('<p>hey</p>');
    expect(said.html).toMatch(/<b>1<\/b>.*T: <output>1<\/output>/s);
    expect(idIn(said.html ?? '', 'task')).toBe(idIn(markup, 'task'));
    const after = await asHtml('frame', { state: stateOf(said.html ?? '', 'frame'), event: 'turn' });
    expect(after.text).toContain('<p>hey</p>');
    expect(after.text).toContain('<b>2</b>');
  });

  it('sends the children with every HTML answer, each with its newest token', async () => {
    const mounted = await visitor.send('GET', '/components/board', { headers: { accept: 'text/html' } });
    const board = running.app.get(ComponentsService);
    const page = await board.render(
      'board',
      { items: ['a', 'b'] },
      { request: { headers: { cookie: visitor.cookie } } },
    );
    expect(mounted.status).toBe(200);
    let { text } = await asHtml('task', { state: stateOf(page, 'task'), event: 'add' });
    expect(text).toContain('<output>1</output>');
    ({ text } = await asHtml('board', { state: stateOf(page, 'board'), event: 'say', 'payload.note': 'x', note: 'x' }));
    expect(text).toContain('A: <output>1</output>');
    expect(text).toContain('B: <output>0</output>');
    const { text: next } = await asHtml('task', { state: stateOf(text, 'task'), event: 'add' });
    expect(next).toContain('<output>2</output>');
  });

  it('gives no child what a page asks for', async () => {
    const page = await running.app
      .get(ComponentsService)
      .render('board', { items: ['a'] }, { request: { headers: { cookie: visitor.cookie } } });
    const refused = await visitor.refused('task', { params: { id: 'other', title: 'forged' } });
    expect(refused.error.code).toBe('PROP_LOCKED');
    const stranger = new HttpVisitor(running.url);
    await stranger.mount('frame');
    expect((await stranger.refused('task', { state: stateOf(page, 'task'), event: 'add', seq: 1 })).error.code).toBe(
      'STATE_INVALID',
    );
    const answer = await visitor.ok('task', {
      state: stateOf(page, 'task'),
      params: { title: 'forged' },
      event: 'add',
      seq: 1,
    });
    expect(answer.html).toContain('A: <output>1');
  });
});

describe('slots and nesting on a socket', () => {
  let running: RunningApp;

  beforeAll(async () => {
    running = await RunningApp.start({ providers: [Board, Task] });
  });

  afterAll(() => running.close());

  it('pushes the owner when a child says something, and a child when it is given something', async () => {
    diary.length = 0;
    const visitor = new HttpVisitor(running.url);
    await visitor.mount('board');
    const { cookie } = visitor;
    const socket = await SocketVisitor.connect(running.url, { headers: { cookie } });
    const page = await running.app
      .get(ComponentsService)
      .render('board', { items: ['a', 'b'] }, { request: { headers: { cookie } } });
    const join = async (component: string) => {
      const reply = await socket.ask('join', { component, state: stateOf(page, component), page: 'p'.repeat(22) });
      if (!reply.ok) throw new Error(reply.error.code);
      return reply;
    };
    const board = await join('board');
    const task = await join('task');
    const said = await socket.ask('component_event', { component_id: task.component_id, event: 'finish', seq: 1 });
    expect(said.ok).toBe(true);
    expect(await socket.pushed(1)).toMatchObject({ component_id: board.component_id });

    const renamed = await socket.ask('component_event', {
      component_id: board.component_id,
      event: 'rename',
      payload: { id: 'a', title: 'Anew' },
      seq: 1,
    });
    expect(renamed.ok).toBe(true);
    const push = await socket.pushed(2);
    expect(push.component_id).toBe(task.component_id);
    expect(push.html).toContain('Anew: <output>100</output> Anew');
    socket.close();
  });

  it('hears a repeated event once', async () => {
    const visitor = new HttpVisitor(running.url);
    await visitor.mount('board');
    const page = await running.app
      .get(ComponentsService)
      .render('board', { items: ['a'] }, { request: { headers: { cookie: visitor.cookie } } });
    const event = { state: stateOf(page, 'task'), event: 'finish', seq: 1 };
    await visitor.ok('task', event);
    expect((await visitor.ok('task', event)).dup).toBe(true);

    const board = await visitor.ok('board', {
      state: stateOf(page, 'board'),
      event: 'say',
      payload: { note: '' },
      seq: 1,
    });
    expect(board.version).toBe(2);
  });
});
