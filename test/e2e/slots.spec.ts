import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { LiveComponent, Secret, State } from 'nest-live';
import { LiveTest } from 'nest-live/testing';

import { Board, diary, Task } from './boards-of-cards.js';

describe('components in the template of a component', () => {
  let live: LiveTest;

  beforeEach(async () => {
    diary.length = 0;
    live = await LiveTest.create({ providers: [Board, Task] });
  });

  afterEach(() => live.close());

  it('are mounted for it, rendered once', async () => {
    const board = await live.mount(Board, { items: ['a', 'b'] });
    expect(board.html.match(/live-component="task"/g)).toHaveLength(2);

    diary.length = 0;
    const a = await board.child(Task, 0);
    const b = await board.child(Task, 1);
    diary.length = 0;
    await board.emit('say', { note: 'hello' });

    expect(diary).toEqual(['render a', 'render b']);
    expect(a.state.task + (b.state.task ?? '')).toBe('ab');
  });

  it('keep their own state and take their own events after their owner was rendered again', async () => {
    const board = await live.mount(Board, { items: ['a', 'b'] });
    const b = await board.child(Task, 1);
    await b.emit('add');
    await board.emit('say', { note: 'one' });
    await b.emit('add');
    await board.emit('show', { items: ['c', 'b', 'a'] });

    expect(board.html).toMatch(/C: <output>0.*B: <output>2.*A: <output>0/s);
    const again = await board.child(Task, 1);
    expect(again).toBe(b);
    await again.emit('add');
    expect(again.state.count).toBe(3);
    expect(board.html).toContain(`live-id="${b.id}"`);
  });

  it('get what their owner gives them now, and only when it is something else', async () => {
    const board = await live.mount(Board, { items: ['a', 'b'] });
    const a = await board.child(Task, 0);
    await board.child(Task, 1);
    await a.emit('add');
    await board.emit('rename', { id: 'a', title: 'New' });
    expect(board.html).toContain('New: <output>1</output> New');

    await a.refresh();
    expect(a.state).toMatchObject({ count: 1, seen: 'New' });
    expect(a.html).toContain('New: <output>1');
    await board.emit('say', { note: 'x' });
    await a.emit('add');
    expect(a.html).toContain('New: <output>2');
    expect(diary.filter((line) => line.startsWith('props'))).toEqual(['props a A -> New']);
  });

  it('get nothing from an event that fails', async () => {
    const board = await live.mount(Board, { items: ['a'] });
    const a = await board.child(Task);
    await board.emit('fail');

    await a.refresh();
    expect(a.html).toContain('A: <output>0');
  });

  it('end when their owner shows them no more, and are new when they come back', async () => {
    const board = await live.mount(Board, { items: ['a', 'b'] });
    const a = await board.child(Task, 0);
    await a.emit('add');
    await board.emit('show', { items: ['b'] });
    expect(diary.at(-1)).toBe('destroy a at 1');

    await board.emit('show', { items: ['b', 'a'] });
    const back = await board.child(Task, 1);
    expect(back.id).not.toBe(a.id);
    expect(back.state).toMatchObject({ task: 'a', count: 0 });
    expect((await a.emit('add')).ok).toBe(false);
  });

  it('end with their owner', async () => {
    const board = await live.mount(Board, { items: ['a', 'b'] });
    await (await board.child(Task, 0)).emit('add');
    await (await board.child(Task, 1)).leave();
    expect(diary.some((line) => line.startsWith('destroy'))).toBe(false);
    await board.leave();

    expect(diary.slice(-2).sort()).toEqual(['destroy a at 1', 'destroy b at 0']);
  });

  it('that nobody has used are mounted anew with what they are given', async () => {
    const board = await live.mount(Board, { items: ['a'] });
    await board.emit('rename', { id: 'a', title: 'Other' });

    const a = await board.child(Task);
    expect(a.state).toMatchObject({ seen: 'Other' });
    expect(a.html).toContain('Other: <output>0');
  });

  it('make their owner remember as much as it shows, however often they change', async () => {
    const board = await live.mount(Board, { items: ['a'] });
    await board.emit('show', { items: ['x'] });
    const { StateStore } = await import('nest-live/extend');
    const size = async () => (await live.app.get(StateStore).peek(board.id))!.snapshot.length;
    const before = await size();
    for (let i = 0; i < 30; i += 1) {
      await board.emit('show', { items: [] });
      await board.emit('show', { items: ['x'] });
    }

    expect(await size()).toBeLessThan(before + 8);
  });

  it('tell it what it listens to, once their own change is saved', async () => {
    const board = await live.mount(Board, { items: ['a', 'b'] });
    const a = await board.child(Task, 0);
    await a.emit('finish', { fail: true });
    await a.emit('finish');

    await board.refresh();
    expect(board.state.heard).toEqual(['a by 100']);
    expect(board.html).toContain('A: <output>100');
  });

  it('reach an owner that nobody has used yet', async () => {
    const board = await live.mount(Board, { items: ['a'] });
    const a = await board.child(Task);
    for (let i = 0; i < 10; i += 1) await a.emit('finish');

    await board.refresh();
    expect(board.state.heard).toHaveLength(10);
    expect(board.state.items).toEqual([]);
    expect(diary.at(-1)).not.toBe('destroy a at 900');
    expect(diary).toContain('destroy a at 1000');
  });
});

describe('two children that would be one', () => {
  it('are refused with file and line', async () => {
    @LiveComponent('twins', {
      template: '<div>\n{{component "task" key="a"}}\n  {{component "task" key=name}}</div>',
    })
    class Twins {
      @State() name = 'a';
    }
    const live = await LiveTest.create({ providers: [Twins, Task], options: { production: false } });
    const logged = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    await expect(live.mount(Twins)).rejects.toMatchObject({ code: 'HANDLER_ERROR' });
    const [line] = logged.mock.calls.flat().map(String);
    logged.mockRestore();
    for (const said of ['KEY_TAKEN', 'Twins (inline template):3:3', 'Twins (inline template):2:1']) {
      expect(line).toContain(said);
    }
    await live.close();
  });
});

describe('secrets given to what stands in a slot', () => {
  it('are in no token that can be read', async () => {
    @LiveComponent('safe', { template: '<p>safe</p>' })
    class Safe {
      @Secret() pin = '';

      onMount({ pin }: { pin: string }): void {
        this.pin = pin;
      }
    }
    @LiveComponent('shell', { template: '<div>{{slots.default}}</div>' })
    class Shell {}
    @LiveComponent('vault', {
      template: '<section>{{#component "shell"}}{{component "safe" pin=pin}}{{/component}}</section>',
    })
    class Vault {
      beforeRender(): object {
        return { pin: 'pin-4711' };
      }
    }
    const live = await LiveTest.create({ providers: [Safe, Shell, Vault] });
    const { html } = await live.mount(Vault);
    const tokens = [...html.matchAll(/live-state="([^"]+)"/g)].map(([, token]) => token);
    const readable = tokens.map((token) => token.split('.').map((part) => Buffer.from(part, 'base64url').toString()));

    expect(tokens).toHaveLength(3);
    expect(readable.flat().join()).not.toContain('4711');
    await live.close();
  });
});
