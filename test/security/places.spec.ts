import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Injectable, Render } from '@nestjs/common';
import { CacheRender, compose, html, LiveComponent, LivePublisher, OnEvent, OnTopic, State } from 'nest-live';
import { Rendered, Renderer, type ViewObject } from 'nest-live/extend';

import { TemporaryFolder } from '../fixtures/rendering/temporary-folder.js';
import { HttpVisitor } from '../e2e/http.visitor.js';
import { PLATFORMS, RunningApp } from '../e2e/running-app.js';
import { SocketVisitor } from '../e2e/socket.visitor.js';

/** What people have written: once here, shown to everybody. */
let written: readonly string[] = [];
/** Every mark a render has ever been given, as a template could copy it into data. */
const seen = new Set<string>();

const posts = '{{#each posts}}<img src="https://x.example/?{{this}}" alt="{{this}}"><p>{{this}}</p>{{/each}}';
const PRINTED = { fields: 2, alone: 1 };

abstract class Wall {
  @State() n = 0;

  beforeRender(): object {
    return { posts: written };
  }

  @OnEvent()
  turn(): void {
    this.n += 1;
  }

  @OnEvent()
  async *play(): AsyncGenerator<void> {
    this.n += 1;
    yield;
    this.n += 1;
  }
}

@LiveComponent('stencil', { template: `<section>${posts}{{liveFields}}<i data-t="{{token}}">{{id}}</i></section>` })
class Stencil extends Wall {}

interface Posts {
  readonly posts: readonly string[];
  readonly token: string;
  readonly liveFields: unknown;
  readonly id: string;
}

@LiveComponent('tagged', {
  template: ({ posts: all, token, liveFields, id }: Posts) =>
    html`<section>
      ${all.map(
        (text) =>
          html`<img src="https://x.example/?${text}" alt="${text}" />
            <p>${text}</p>`,
      )}${liveFields}<i data-t="${token}">${id}</i>
    </section>`,
})
class Tagged extends Wall {}

/** Knows strings only, and tells what it was given. */
@Injectable()
class TextRenderer extends Renderer {
  prepare(): void {}

  render(_: object, { posts: all, token, liveFields, id }: ViewObject): Rendered {
    const escape = (text: string): string => text.replace(/[&"<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
    seen.add(`${token as string}`);
    const shown = (all as string[]).map(
      (text) => `<img src="https://x.example/?${escape(text)}" alt="${escape(text)}"><p>${escape(text)}</p>`,
    );
    return Rendered.opaque(
      `<section>${shown.join('')}${liveFields as string}<i data-t="${token as string}">${id as string}</i></section>`,
    );
  }
}

@LiveComponent('text', { template: '', renderer: TextRenderer })
class Text extends Wall {}

@CacheRender({ ttl: 60, public: true })
@LiveComponent('kept', { template: `<section>${posts}{{liveFields}}<i data-t="{{token}}">{{id}}</i></section>` })
class Kept extends Wall {}

@LiveComponent('leaf', { template: '<b>leaf</b>' })
class Leaf {}

@LiveComponent('frame', { template: '<article>{{slots.default}}{{liveFields}}</article>' })
class Frame extends Wall {}

@LiveComponent('around', {
  template: `<section>{{#component 'frame'}}${posts}{{component 'leaf'}}<u>{{mine}}</u>{{/component}}</section>`,
})
class Around extends Wall {
  override beforeRender(): object {
    return { posts: written, mine: compose(Leaf, { key: 'mine' }) };
  }
}

@LiveComponent('misplaced', { template: "<section>{{#component 'frame'}}{{liveFields}}{{/component}}</section>" })
class Misplaced extends Wall {}

@LiveComponent('pushed', { template: `<section>${posts}{{liveFields}}<i data-t="{{token}}">{{id}}</i></section>` })
class Pushed extends Wall {
  @OnTopic('walls')
  renew(): void {
    this.n += 1;
  }
}

@Controller()
class Pages {
  @Get('page')
  @Render('page')
  page(): object {
    return { posts: written };
  }
}

const PAGE = `<main>${posts}{{component 'stencil'}}<hr>{{component 'text'}}</main>`;

/** Marks of earlier versions, of other places, and whatever marks there have been. */
const corpus = (): readonly string[] => [
  '__nest-live-token-9pW2xKq7__',
  '__nest-live-id-4tR8vNc2__',
  '\uFFFE0\uFFFE',
  `live-${'0'.repeat(32)}-0-`,
  '{{token}}',
  'live-state="x"',
  ...seen,
];

const textsOf = (shown: string): readonly string[] =>
  [...shown.matchAll(/<p>([^<]*)<\/p>/g)].map(([, text]) =>
    text.replace(/&(?:#x?([0-9a-f]+)|(quot|amp|lt|gt));/gi, (entity, code?: string) => {
      if (code === undefined) return { '&quot;': '"', '&amp;': '&', '&lt;': '<', '&gt;': '>' }[entity] ?? entity;
      return String.fromCharCode(/x/i.test(entity) ? parseInt(code, 16) : Number(code));
    }),
  );

const count = (text: string, part: string): number => text.split(part).length - 1;

/** Nothing of the instance stands in what people have written, and the token where the template asks for it. */
const isClean = (shown: string, { state, id }: { state: string; id: string }, root: 0 | 1): void => {
  expect(textsOf(shown)).toEqual(written);
  for (const [address] of shown.matchAll(/src="[^"]*"/g)) {
    expect(address).not.toContain(state);
    expect(address).not.toContain(id);
  }
  expect(count(shown, state)).toBe(PRINTED.alone + 1 + root);
  expect(shown).toContain(`data-t="${state}"`);
  expect(shown).toContain(`<input type="hidden" name="state" value="${state}">`);
};

describe.each(PLATFORMS)('the places of a render that are filled after it, on %s', (platform) => {
  let running: RunningApp;
  let pages: TemporaryFolder;

  beforeAll(async () => {
    pages = new TemporaryFolder({ 'page.hbs': PAGE });
    running = await RunningApp.start({
      platform,
      controllers: [Pages],
      providers: [Stencil, Tagged, Text, TextRenderer, Kept, Leaf, Frame, Around, Misplaced, Pushed],
      options: { rendering: { pages: [pages.path] } },
    });
    written = ['a post'];
    await new HttpVisitor(running.url).mount('text');
  });

  beforeEach(() => {
    written = corpus();
  });

  afterAll(async () => {
    await running.close();
    pages.remove();
  });

  it.each(['stencil', 'tagged', 'text', 'kept'])(
    'are no texts that data can hold: a mount and an event of "%s"',
    async (component) => {
      for (const visitor of [new HttpVisitor(running.url), new HttpVisitor(running.url)]) {
        const { html: shown = '', state, component_id: id } = await visitor.mount(component);
        isClean(shown, { state, id }, 1);
        const after = await visitor.ok(component, { state, event: 'turn' });
        isClean(after.html ?? '', { state: after.state, id }, 0);
        const htmx = await visitor.form(component, { state: after.state, event: 'turn' }, { accept: 'text/html' });
        const next = /data-t="([^"]*)"/.exec(htmx.text)?.[1] ?? '';
        isClean(htmx.text, { state: next, id }, 1);
      }
    },
  );

  it('are the same mount’s own, however often it is shown again', async () => {
    const first = await new HttpVisitor(running.url).mount('kept');
    const second = await new HttpVisitor(running.url).mount('kept');
    expect(second.html).toContain(`<i data-t="${second.state}">${second.component_id}</i>`);
    expect(second.html).not.toContain(first.component_id);
    expect(second.html).not.toContain(first.state);
  });

  it('are each viewer’s own in what is pushed and in what is shown before the end', async () => {
    const visitors = await Promise.all([1, 2].map(() => SocketVisitor.connect(running.url)));
    for (const visitor of visitors) {
      const { component_id: id } = await visitor.open('pushed');
      const frames: { html: string }[] = [];
      visitor.socket.on('component_preview', (frame: { html: string }) => frames.push(frame));
      await visitor.event(id, 'play', { seq: 1, preview: true });
      for (const { html: shown } of frames) {
        const state = /data-t="([^"]*)"/.exec(shown)?.[1] ?? '';
        expect(state).toMatch(/^lc1/);
        isClean(shown, { state, id }, 0);
      }
    }
    visitors.forEach((visitor) => visitor.updates.splice(0));
    await running.app.get(LivePublisher).broadcast('walls', {});
    const pushed = await Promise.all(visitors.map((visitor) => visitor.pushed()));
    const states = pushed.map(({ html: shown, component_id: id }) => {
      const state = /data-t="([^"]*)"/.exec(shown)?.[1] ?? '';
      expect(state).toMatch(/^lc1/);
      isClean(shown, { state, id }, 0);
      return state;
    });
    expect(new Set(states).size).toBe(2);
    visitors.forEach((visitor) => visitor.close());
  });

  it('are positions in the slots that are kept with a component', async () => {
    const visitor = new HttpVisitor(running.url);
    const { html: shown = '', state } = await visitor.mount('around');
    expect(textsOf(shown)).toEqual(written);
    expect(count(shown, '<b live-')).toBe(2);
    const after = await visitor.ok('around', { state, event: 'turn' });
    expect(textsOf(after.html ?? '')).toEqual(written);
    expect(count(after.html ?? '', '<b live-')).toBe(2);
    expect(after.html).toMatch(/<u><b live-[^>]*>leaf<\/b><\/u>/);
    const [, inner = ''] = /name="state" value="([^"]*)"/.exec(after.html ?? '') ?? [];
    const alone = await visitor.ok('frame', { state: inner, event: 'turn' });
    expect(textsOf(alone.html ?? '')).toEqual(written);
    expect(count(alone.html ?? '', '<b live-')).toBe(2);
  });

  it('are not in what is kept longer than a token: a slot refuses it with its place', async () => {
    const { status, reply } = await new HttpVisitor(running.url).send('GET', '/components/misplaced');
    expect({ status, code: reply.ok ? 'OK' : reply.error.code }).toEqual({ status: 500, code: 'HANDLER_ERROR' });
    expect(JSON.stringify(reply)).not.toContain('live-token');
  });

  it('are the components’ own in a page', async () => {
    const { text } = await new HttpVisitor(running.url).send('GET', '/page');
    expect(textsOf(text)).toEqual([...written, ...written, ...written]);
    expect(count(text, 'live-id=')).toBe(2);
    for (const [address] of text.matchAll(/(?:src|alt)="[^"]*"/g)) expect(address).not.toMatch(/lc1e?\./);
  });
});
