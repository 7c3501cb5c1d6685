import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LiveComponent, OnEvent, Payload, State, type OkReply } from 'nest-live';
import { parseFragment } from 'parse5';

import { applied, rootText } from '../properties/applied-patch.js';
import { HttpVisitor } from './http.visitor.js';
import { PLATFORMS, RunningApp } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';

/** What is shown beside the state, and that no version tells of. */
const weather = { now: 'rain' };

const ROWS = Array.from({ length: 100 }, (_, id) => ({ id, amount: id }));

@LiveComponent('ledger', {
  template: `<section>
  <output>{{weather}}</output><b>{{clicks}}</b>
  <ul>{{#each rows}}<li live-key="{{id}}">Row {{id}}: <i>{{amount}}</i></li>{{/each}}</ul>
</section>`,
})
class Ledger {
  @State() clicks = 0;
  @State() rows = ROWS;

  beforeRender(): object {
    return { weather: weather.now };
  }

  @OnEvent()
  raise(@Payload('id') id: number): void {
    this.clicks += 1;
    this.rows = this.rows.map((row) => (row.id === id ? { ...row, amount: row.amount + 1 } : row));
  }

  @OnEvent()
  add(): void {
    this.rows = [...this.rows, { id: this.rows.length, amount: 0 }];
  }
}

@LiveComponent('held-by-its-page', { template: '<p><b>{{clicks}}</b> and many words that stay</p>', state: 'client' })
class HeldByItsPage {
  @State() clicks = 0;

  @OnEvent()
  raise(): void {
    this.clicks += 1;
  }
}

/** Our client as far as it shows what comes: over HTTP, and nothing else. */
class PatchedPage {
  shown = '';
  render = 0;
  state = '';
  private at?: { e?: string; v: number };
  private seq = 0;

  constructor(
    private readonly http: HttpVisitor,
    private readonly component: string,
    private readonly more: object = { lists: true },
  ) {}

  async open(): Promise<this> {
    const { html = '', state } = await this.http.mount(this.component);
    this.shown = html;
    this.state = state;
    return this;
  }

  event(event: string, payload?: object, more: object = {}): Promise<OkReply> {
    this.seq += 1;
    return this.ask({ event, payload, seq: this.seq, ...more });
  }

  join(more: object = {}): Promise<OkReply> {
    return this.ask(more);
  }

  private async ask(body: object): Promise<OkReply> {
    const { at, render, state } = this;
    const reply = await this.http.ok(this.component, { state, at, render, ...this.more, ...body });
    if (reply.patch) {
      const [elements, ...parts] = reply.patch;
      expect(elements).toBe(this.shown.match(/<[a-z]/g)?.length);
      this.shown = applied(this.shown, parts);
    }
    this.shown = reply.html ?? this.shown;
    this.state = reply.state || state;
    this.at = { e: reply.epoch, v: reply.version };
    this.render = reply.render;
    return reply;
  }
}

/** What a page shows: attributes of its root differ from one answer to the next. */
const textOf = (html: string): string => rootText(parseFragment(html)).replace(/ live-state="[^"]*"/, '');

describe.each(PLATFORMS)('patches over HTTP on %s', (platform) => {
  let app: RunningApp;
  let http: HttpVisitor;

  beforeAll(async () => {
    app = await RunningApp.start({ platform, providers: [Ledger, HeldByItsPage] });
  });

  beforeEach(() => {
    weather.now = 'rain';
    http = new HttpVisitor(app.url);
  });

  afterAll(() => app.close());

  const open = (more?: object) => new PatchedPage(http, 'ledger', more).open();

  /** What the page would be shown anew; the server does not learn that it asks. */
  const whole = async ({ state }: PatchedPage): Promise<string> => {
    const { html = '' } = await http.ok('ledger', { state, page: 'somebody-who-only-looks' });
    return html;
  };

  it('a page that says what it shows is sent what has changed, from its first event after a join on', async () => {
    const page = await open();
    expect((await page.join()).html).toBeUndefined();
    for (const id of [3, 50, 99]) {
      const reply = await page.event('raise', { id });
      expect(reply.html).toBeUndefined();
      expect(reply.patch).toHaveLength(3);
      expect(JSON.stringify(reply).length).toBeLessThan(300);
    }
    expect((await page.event('add')).patch).toHaveLength(2);
    expect(textOf(page.shown)).toBe(textOf(await whole(page)));
  });

  it('a poll brings what has changed meanwhile as well, of the state or beside it', async () => {
    const page = await open();
    await page.join();
    await page.event('raise', { id: 1 });
    expect(await page.join()).not.toHaveProperty('patch');
    weather.now = 'sun';
    const told = await page.join();
    expect(told.html).toBeUndefined();
    expect(told.patch).toHaveLength(2);
    expect(page.shown).toContain('<output>sun</output>');
    expect(await page.join()).toEqual(
      expect.not.objectContaining({ html: expect.anything(), patch: expect.anything() }),
    );
    expect(textOf(page.shown)).toBe(textOf(await whole(page)));
  });

  it.each<[what: string, more: object]>([
    ['none', { render: 0 }],
    ['a connection’s', { render: 3 }],
    ['an older one', { render: 1_048_577 }],
    ['another node’s', { render: 987_654_321_098 }],
  ])(
    'whoever names a render that the server does not hold (%s) gets the whole, and patches again after it',
    async (_, more) => {
      const page = await open();
      await page.join();
      await page.event('raise', { id: 1 });
      const reply = await page.event('raise', { id: 2 }, more);
      expect(reply.patch).toBeUndefined();
      expect(textOf(page.shown)).toBe(textOf(await whole(page)));
      expect((await page.event('raise', { id: 3 })).patch).toHaveLength(3);
      expect(textOf(page.shown)).toBe(textOf(await whole(page)));
    },
  );

  it('an answer that was lost makes the next one whole', async () => {
    const page = await open();
    await page.join();
    await page.event('raise', { id: 1 });
    const { render } = page;
    const shown = page.shown;
    await page.join();
    await page.event('raise', { id: 2 });
    page.render = render;
    page.shown = shown;
    expect((await page.event('raise', { id: 3 })).patch).toBeUndefined();
    expect(textOf(page.shown)).toBe(textOf(await whole(page)));
  });

  it('what a page has been shown otherwise is not taken for what it shows now', async () => {
    const page = await open();
    const first = await page.event('raise', { id: 1 });
    // Its line was another one meanwhile: it says only where it stands.
    weather.now = 'sun';
    page.render = 0;
    expect((await page.join()).version).toBe(first.version);
    expect((await page.event('raise', { id: 1 })).patch).toBeUndefined();
    expect(page.shown).toContain('<output>sun</output>');
  });

  it('nor after a connection has come back: who says only where it stands is sent the whole of the next render', async () => {
    const auth = { patches: true };
    const { component_id, state } = await http.mount('ledger');
    const join = { component: 'ledger', component_id, page: http.page };
    const one = await SocketVisitor.connect(app.url, { auth, headers: { cookie: http.cookie } });
    const { state: token } = await one.ok('join', { ...join, state });
    const { version, epoch } = await one.ok('component_event', {
      component_id,
      event: 'raise',
      payload: { id: 1 },
      seq: 1,
    });
    one.close();
    weather.now = 'sun';
    const two = await SocketVisitor.connect(app.url, { auth, headers: { cookie: http.cookie } });
    const back = await two.ok('join', { ...join, state: token, at: { e: epoch, v: version } });
    expect(back.html).toBeUndefined();
    const { html } = await two.ok(back.h ?? 0, 2, 'raise', { id: 1 });
    expect(html).toContain('<output>sun</output>');
    two.close();
  });

  it('a repeated number is answered whole', async () => {
    const page = await open();
    await page.join();
    const { render } = page;
    await page.event('raise', { id: 1 });
    page.render = render;
    expect(await page.event('raise', { id: 1 }, { seq: 1 })).toEqual(
      expect.objectContaining({ dup: true, html: expect.any(String) }),
    );
  });

  it('lists come as their order only to a client that takes it', async () => {
    const page = await open({});
    await page.join();
    const { patch = [] } = await page.event('add');
    expect(patch.slice(1).every((part) => typeof (part as readonly unknown[])[1] === 'string')).toBe(true);
    expect(textOf(page.shown)).toBe(textOf(await whole(page)));
  });

  it('another page of the same person, which names the render of the first, is shown the whole', async () => {
    const page = await open();
    await page.join();
    await page.event('raise', { id: 1 });
    const other = new HttpVisitor(app.url);
    const theirs = await new PatchedPage(other, 'ledger').open();
    await theirs.join();
    theirs.render = page.render;
    expect((await theirs.event('raise', { id: 2 })).patch).toBeUndefined();
  });

  it('whoever says nothing of what it shows gets HTML, as JSON and as HTML', async () => {
    const page = await open();
    await page.join();
    const { state, render } = page;
    const plain = await http.ok('ledger', { event: 'raise', payload: { id: 1 }, seq: 1, state });
    expect(plain.html).toContain('<b>1</b>');
    expect(plain.render).toBe(1);
    const { text } = await http.post(
      'ledger',
      { event: 'raise', payload: { id: 1 }, seq: 2, state: plain.state, render },
      { accept: 'text/html' },
    );
    expect(text).toContain('<b>2</b>');
  });

  it('a state that the page itself holds is answered whole', async () => {
    const page = await new PatchedPage(http, 'held-by-its-page').open();
    await page.event('raise');
    expect((await page.event('raise')).html).toContain('<b>2</b>');
  });

  it.each([-1, 1.5, '1', null])('render: %p is no number of a render', async (render) => {
    const { state } = await open();
    expect((await http.refused('ledger', { state, render })).error.code).toBe('BAD_FRAME');
  });
});
