import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LiveTest, type MountedComponent } from 'nest-live/testing';

import { TEMPLATES } from '../pages/folders.js';
import { TodoList } from './todo-list.component.js';

describe('TodoList', () => {
  let live: LiveTest;
  let list: MountedComponent<TodoList>;

  beforeEach(async () => {
    live = await LiveTest.create({ providers: [TodoList], options: { rendering: { templates: [TEMPLATES] } } });
    list = await live.mount(TodoList);
  });

  afterEach(() => live.close());

  const titles = (): (string | undefined)[] => list.state.tasks?.map(({ title }) => title) ?? [];
  const idOf = (title: string): string | undefined => list.state.tasks?.find((task) => task.title === title)?.id;

  it.each([
    ['nothing', {}, 'Write what is to be done.'],
    ['spaces', { title: '   ' }, 'Write what is to be done.'],
    ['too much', { title: 'x'.repeat(81) }, 'this has 81.'],
  ])('refuses %s beside the field, and keeps what was typed', async (_, payload: { title?: string }, problem) => {
    await list.emit('add', payload);
    expect(list.error).toBeUndefined();
    expect(list.html).toContain(problem);
    expect(list.state).toMatchObject({ tasks: [], draft: payload.title?.trim() ?? '' });
  });

  it('stops at fifty', async () => {
    for (let n = 1; n <= 51; n += 1) await list.emit('add', { title: `task ${n}` });
    expect(titles()).toHaveLength(50);
    expect(list.state.problem).toBe('50 tasks are enough. Finish some first.');
  });

  it('completes, filters, removes and clears', async () => {
    for (const title of ['a', 'b', 'c']) await list.emit('add', { title });
    await list.emit('complete', { id: idOf('b'), value: true });
    await list.fill({ filter: 'done' });
    expect(list.html.match(/<li live-key/g)).toHaveLength(1);
    expect(list.html).toContain('2 open of 3');

    await list.emit('remove', { id: idOf('a') });
    await list.emit('clearDone');
    expect(titles()).toEqual(['c']);
  });

  it('knows no other filter', async () => {
    await list.fill({ filter: 'everything' });
    expect(list.error).toMatchObject({ code: 'VALIDATION_FAILED', fields: { filter: expect.anything() } });
    expect(list.state.filter).toBe('all');
  });
});
