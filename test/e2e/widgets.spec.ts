import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { trustHtml, type ComponentsService } from 'nest-live';
import { StateStore } from 'nest-live/extend';

import { Boards, ScoreBoard } from './boards.js';
import { HttpVisitor } from './http.visitor.js';

describe('a shared instance', () => {
  let boards: Boards;
  let components: ComponentsService;

  beforeAll(async () => {
    boards = await Boards.start();
    components = boards.components;
  });

  afterEach(() => boards.clear());
  afterAll(() => boards.close());

  it('is one state for all pages: changes of the server and of each viewer reach all, once each', async () => {
    const { id, version, fields } = await components.mount('score-board', { props: { title: 'Final' } });
    expect({ id, version, fields }).toEqual({
      id: expect.stringMatching(/^[\w-]{22}$/),
      version: 0,
      fields: { title: 'Final', points: 0 },
    });
    const [one, two] = [await boards.view(id), await boards.view(id)];

    expect(await components.update(id, { fields: { points: 10 } })).toBe(1);
    for (const visitor of [one, two]) expect((await visitor.pushed(1)).html).toContain('<output>10</output>');

    expect(await one.event(id, 'add', { seq: 1 })).toMatchObject({ ok: true, version: 2 });
    expect(await one.event(id, 'add', { seq: 1 })).toMatchObject({ ok: true, dup: true });
    expect((await two.pushed(2)).html).toContain('<output>11</output>');
    expect(await two.event(id, 'add', { seq: 1 })).toMatchObject({ ok: true, version: 3 });
    expect(await components.update(id, { event: 'add' })).toBe(4);
    expect(await components.get(id)).toMatchObject({ version: 4, viewers: 2, fields: { points: 13 } });
  });

  it('stays when a viewer closes, and is there for the next page', async () => {
    const { id } = await components.mount('score-board');
    const [one, two] = [await boards.view(id), await boards.view(id)];
    await one.event(id, 'add', { seq: 1 });
    await one.ok('leave', { component_id: id });
    one.close();
    expect(await two.event(id, 'add', { seq: 1 })).toMatchObject({ ok: true, version: 2 });
    two.close();
    expect((await boards.page(id)).html).toContain('<output>2</output>');
  });

  it('is gone for all who look when it is removed, and its last state has been told so', async () => {
    const { id } = await components.mount('score-board', { id: 'finals', props: { points: 7 } });
    const [one, two] = [await boards.view(id), await boards.view(id)];
    const kept = await boards.page(id);
    expect(await components.remove(id)).toBe(true);
    expect(await components.remove(id)).toBe(false);
    for (const visitor of [one, two]) {
      expect(await visitor.refusedPush()).toMatchObject({ component_id: id, error: { code: 'INSTANCE_NOT_FOUND' } });
      expect(await visitor.event(id, 'add', { seq: 1 })).toMatchObject({ error: { code: 'INSTANCE_NOT_FOUND' } });
    }
    expect(ScoreBoard.destroyed).toEqual([7]);
    expect((await boards.page(id)).html).toContain('INSTANCE_NOT_FOUND');
    expect([await components.get(id), await components.count()]).toEqual([undefined, 0]);

    // The same id again is another instance: an old page joins that one, under its own guards, and no old session lives on.
    await components.mount('score-board', { id: 'finals' });
    const { component, component_id, state } = kept;
    const late = await boards.visit();
    expect(await late.ok('join', { component, component_id, state, page: late.page })).toMatchObject({ version: 0 });
    expect(await one.event(id, 'add', { seq: 1 })).toMatchObject({ error: { code: 'INSTANCE_NOT_FOUND' } });
  });

  it('lets no page of a removed one open another component under its id', async () => {
    await components.mount('score-board', { id: 'place' });
    const { component, component_id, state } = await boards.page('place');
    await components.remove('place');
    await components.mount('staff-board', { id: 'place' });
    const visitor = await boards.visit();
    const refused = await visitor.refused('join', { component, component_id, state, page: visitor.page });
    expect(refused.error.code).toBe('INSTANCE_NOT_FOUND');
  });

  it('is subscribed to by its id alone, as one of many', async () => {
    const { id } = await components.mount('score-board', { id: 'lobby' });
    const visitor = await boards.visit();
    const seen = await visitor.ok('subscribe', { component_id: id });
    expect(seen).toMatchObject({ component_id: id, version: 0, html: expect.stringContaining('<output>0</output>') });
    expect(await visitor.ask(seen.h!, 1, 'add')).toMatchObject({ ok: true, version: 1 });
    await components.update(id, { event: 'add' });
    expect(await visitor.pushed(1)).toMatchObject({ h: seen.h, version: 2 });
    expect(await visitor.ok('unsubscribe', { component_id: id })).toMatchObject({ ok: true });
    expect(await components.get(id)).toMatchObject({ viewers: 0 });
  });

  it('does not exist for another tenant, like an id nobody has and like somebody else`s own instance', async () => {
    const { id } = await components.mount('score-board', { id: 'secret', tenant: 't1' });
    const owner = await boards.visit({ 'x-tenant': 't1' });
    const { component_id: own } = await owner.open('score-board');
    const stranger = await boards.visit({ 'x-tenant': 't2' });
    const answers = await Promise.all(
      [id, own, 'nobody'].map((component_id) => stranger.refused('subscribe', { component_id })),
    );
    for (const { error, component_id, ...rest } of answers) {
      expect({ ...rest, error: { ...error, ref: '' }, named: [id, own, 'nobody'].includes(component_id!) }).toEqual({
        ok: false,
        named: true,
        error: expect.objectContaining({ code: 'INSTANCE_NOT_FOUND', retryable: false, consumed: false }),
      });
    }
    expect(await owner.refused('subscribe', { component_id: own })).toMatchObject({
      error: { code: 'INSTANCE_NOT_FOUND' },
    });
    expect(await components.get(id)).toMatchObject({ viewers: 0 });
    expect((await boards.page(id, { 'x-tenant': 't2' })).html).toContain('INSTANCE_NOT_FOUND');
    expect((await boards.page(id, { 'x-tenant': 't1' })).component).toBe('score-board');
    expect(await owner.ok('subscribe', { component_id: id })).toMatchObject({ version: 0 });
  });

  it('asks its guards of each viewer, before anything of it is opened for them', async () => {
    const { id } = await components.mount('staff-board', { id: 'staff' });
    const store = boards.get(StateStore);
    const joined: string[] = [];
    const join = store.join.bind(store);
    store.join = (request) => (joined.push(request.id), join(request));
    try {
      const visitor = await boards.visit();
      expect((await visitor.refused('subscribe', { component_id: id })).error.code).toBe('FORBIDDEN');
      expect((await boards.page(id)).html).toContain('FORBIDDEN');
      expect(joined).toEqual([]);
      const staff = { 'x-permissions': 'board:read' };
      await (await boards.visit(staff)).ok('subscribe', { component_id: id });
      await boards.view(id, staff);
      expect(joined).toEqual([id, id]);
    } finally {
      store.join = join;
    }
  });

  it('takes an event of its page over HTTP only after the page has joined, and one of a plain form at once', async () => {
    const { id } = await components.mount('score-board');
    const { state, component } = await boards.page(id);
    const visitor = new HttpVisitor(boards.running.url);
    const early = await visitor.refused(component, { state, event: 'add', seq: 1 });
    expect(early).toMatchObject({ status: 409, error: { code: 'STATE_STALE', consumed: false } });
    const joined = await visitor.ok(component, { state, component_id: id });
    const event = { state: joined.state, event: 'add', seq: 1 };
    expect(await visitor.ok(component, event)).toMatchObject({ version: 1 });
    expect(await visitor.ok(component, event)).toMatchObject({ version: 1, dup: true });
    expect((await visitor.form(component, { state, event: 'add' })).text).toContain('<output>2</output>');
  });

  it('shows trusted HTML, and nothing else', async () => {
    const { id } = await components.mount({ html: trustHtml('<b>Hello</b>'), tags: ['news'] });
    const visitor = await boards.view(id);
    await components.update(id, { html: trustHtml('<i>Bye</i>') });
    expect((await visitor.pushed(1)).html).toContain('<i>Bye</i>');
    await expect(components.mount({ html: '<b>' as never })).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    expect(await visitor.event(id, '$set', { seq: 1, fields: { html: '<script>' } })).toMatchObject({
      error: { code: 'PROP_LOCKED' },
    });
    const asked = await visitor.refused('mount', { component: 'html-widget', params: { html: '<script>' } });
    expect(asked.error.code).toBe('PROP_LOCKED');
  });

  it('is rendered for a handler that puts pages together itself', async () => {
    const { id } = await components.mount('score-board', { props: { title: '<Ada>' } });
    const { text } = await new HttpVisitor(boards.running.url).send('GET', `/raw/${id}`);
    expect(text).toContain('&lt;Ada&gt;');
  });
});
