import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ComponentsService } from 'nest-live';
import { StateStore, WidgetStore } from 'nest-live/extend';

import { WidgetKeeper } from '../../src/widgets/widget.keeper.js';
import { Boards } from './boards.js';

describe('the life of a shared instance', () => {
  let boards: Boards;
  let components: ComponentsService;

  beforeAll(async () => {
    boards = await Boards.start();
    components = boards.components;
  });

  afterEach(() => boards.clear());
  afterAll(() => boards.close());

  it('gives the one that is there to whoever makes it again, and makes it once for many at once', async () => {
    const many = await Promise.all(
      Array.from({ length: 8 }, (_, points) => components.mount('score-board', { id: 'once', props: { points } })),
    );
    expect(new Set(many.map(({ fields }) => fields.points)).size).toBe(1);
    await components.update('once', { fields: { points: 50 } });
    expect(await components.mount('score-board', { id: 'once' })).toMatchObject({ version: 1, fields: { points: 50 } });
    await expect(components.mount('staff-board', { id: 'once' })).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  });

  it('does not take over an instance that belongs to a page', async () => {
    const visitor = await boards.visit();
    const { component_id } = await visitor.open('score-board');
    await expect(components.mount('score-board', { id: component_id })).rejects.toMatchObject({ code: 'CONTENTION' });
    expect(await components.get(component_id)).toBeUndefined();
    expect(await visitor.event(component_id, 'add', { seq: 1 })).toMatchObject({ ok: true, version: 1 });
  });

  it('is found by component, tag and tenant, and never once its instance is gone', async () => {
    await components.mount('score-board', { id: 'a', tags: ['cup'] });
    await components.mount('score-board', { id: 'b', tags: ['cup', 'final'], tenant: 't1' });
    await components.mount('staff-board', { id: 'c' });
    const found = async (filter?: object) => (await components.list(filter)).map(({ id }) => id);
    expect(await found()).toEqual(['a', 'b', 'c']);
    expect(await found({ component: 'score-board' })).toEqual(['a', 'b']);
    expect(await found({ tag: 'final' })).toEqual(['b']);
    expect(await found({ tenant: 't1' })).toEqual(['b']);
    expect(await components.count({ tag: 'cup' })).toBe(2);

    // The store may end it by itself: memory is bounded.
    await boards.get(StateStore).end('a');
    expect([await found(), await components.count(), await components.get('a')]).toEqual([['b', 'c'], 2, undefined]);
    await expect(components.update('a', { event: 'add' })).rejects.toMatchObject({ code: 'INSTANCE_NOT_FOUND' });
    expect(await boards.get(StateStore).peek('a')).toBeNull();
    expect(await components.mount('score-board', { id: 'b' })).toMatchObject({ id: 'b', version: 0 });
  });

  it('ends when its time is over, for those who look too', async () => {
    const { id } = await components.mount('score-board', { id: 'short', maxAgeMs: 600 });
    const visitor = await boards.view(id);
    await new Promise((resolve) => setTimeout(resolve, 650));
    expect([await components.get(id), await components.count()]).toEqual([undefined, 0]);
    await boards.get(WidgetKeeper).endExpired();
    expect(await visitor.refusedPush()).toMatchObject({ error: { code: 'INSTANCE_NOT_FOUND' } });
    expect(await boards.get(StateStore).peek(id)).toBeNull();
  });

  it('is kept while somebody has it open or it changes, and only then', async () => {
    const keeper = boards.get(WidgetKeeper);
    const records = boards.get(WidgetStore);
    await components.mount('score-board', { id: 'open' });
    await components.mount('score-board', { id: 'idle' });
    await boards.view('open');
    await keeper.keepUsed();
    const ends = () => Promise.all(['open', 'idle'].map(async (id) => (await records.get(id))!.until));
    const before = await ends();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await keeper.keepUsed();
    const after = await ends();
    expect(after.map((until, i) => until > before[i])).toEqual([true, false]);
  });

  it('keeps its state when a handler that the server runs throws', async () => {
    const { id } = await components.mount('score-board');
    await expect(components.update(id, { event: 'fail' })).rejects.toThrow(RangeError);
    expect(await components.get(id)).toMatchObject({ version: 0, fields: { points: 0 } });
  });

  it('names what the server asks for in vain', async () => {
    const { id } = await components.mount('score-board');
    await expect(components.update(id, { fields: { nothing: 1 } })).rejects.toThrow('It has: title, points');
    await expect(components.update(id, { event: 'nothing' })).rejects.toMatchObject({ code: 'UNKNOWN_EVENT' });
    await expect(components.mount('nobody')).rejects.toMatchObject({ code: 'UNKNOWN_COMPONENT' });
    for (const wrong of [{ id: 'a b' }, { id: '' }, { id: 'x'.repeat(65) }, { ttlMs: 0 }, { tags: [''] }]) {
      await expect(components.mount('score-board', wrong)).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    }
  });
});
