import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { UseGuards } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  Caller,
  ComponentsModule,
  IsAuthenticated,
  Live,
  LiveCaller,
  LiveComponent,
  LiveContext,
  LiveError,
  LivePublisher,
  OnEvent,
  OnTopic,
  Payload,
  redirect,
  State,
  type OnMount,
} from 'nest-live';
import { LiveTest } from 'nest-live/testing';

@LiveComponent('board', {
  publicProps: ['points'],
  template: `<section>
    <output>{{points}}</output><b>{{by}}</b>
    <button live-click="add" live-value-by="one">Add one</button>
    <form live-submit="rename" aria-label="Name"><label>Title <input name="title" value="{{title}}"></label>
      <label>Note <input live-model.number="note"></label><button>Save</button></form>
  </section>`,
})
class Board implements OnMount {
  @State() points = 0;
  @State() title = '';
  @State() by = '';
  @State({ bind: true }) note: number = 0;

  onMount({ points = 0 }: { points?: number }): void {
    this.points = points;
  }

  @OnEvent()
  add(@Payload('by') by: number | string, @Caller() caller: LiveCaller): void {
    this.points += by === 'one' ? 1 : Number(by);
    this.by = caller.id;
  }

  @OnEvent()
  rename(@Payload('title') title: string): void {
    this.title = title;
  }

  @OnEvent()
  finish(@Live() ctx: LiveContext): void {
    redirect(ctx, '/done');
  }

  @OnEvent()
  fail(): void {
    throw new LiveError('RECORD_CHANGED', 'somebody else was faster');
  }

  @OnTopic('bonus')
  onBonus({ points }: { points: number }): void {
    this.points += points;
  }
}

@UseGuards(IsAuthenticated)
@LiveComponent('safe', { template: '<p>gold</p>' })
class Safe {}

@LiveComponent('note', { state: 'client', template: '<p>{{text}}</p>' })
class Note {
  @State({ bind: true }) text: string = '';
  @State() at = new Date(0);

  @OnEvent()
  write(@Payload('text') text: string): void {
    this.text = text;
    this.at.setTime(this.at.getTime() + 1);
  }
}

const PARTS = [Board, Safe, Note];

interface Way {
  readonly way: string;
  readonly tabs: boolean;
  open(): Promise<{ readonly live: LiveTest; readonly app?: INestApplication }>;
}

const compile = () =>
  Test.createTestingModule({ imports: [ComponentsModule.forRoot()], providers: [...PARTS] }).compile();

const listening = async (): Promise<INestApplication> => {
  const app = (await compile()).createNestApplication({ logger: false });
  await app.listen(0, '127.0.0.1');
  return app;
};

const connected = (transport: 'socket' | 'http'): Way['open'] => {
  return async () => {
    const app = await listening();
    return { app, live: await LiveTest.connect(app, { transport }) };
  };
};

const WAYS: readonly Way[] = [
  { way: 'without a server', tabs: true, open: async () => ({ live: await LiveTest.create({ providers: PARTS }) }) },
  {
    way: 'inside a testing module',
    tabs: true,
    open: async () => {
      const app = (await compile()).createNestApplication({ logger: false });
      return { app, live: await LiveTest.from(app) };
    },
  },
  { way: 'over a socket', tabs: true, open: connected('socket') },
  { way: 'over HTTP', tabs: false, open: connected('http') },
];

describe.each(WAYS)('the testing kit $way', ({ open, tabs }) => {
  let live: LiveTest;
  let app: INestApplication | undefined;

  beforeEach(async () => {
    ({ live, app } = await open());
  });

  afterEach(async () => {
    await live.close();
    await app?.close();
  });

  it('mounts with the props of a page and shows state, HTML, effects and version', async () => {
    const board = await live.mount(Board, { points: 5 });
    expect(board.state).toMatchObject({ points: 5, title: '' });
    expect(board.html).toContain('<output>5</output>');

    expect(await board.emit('add', { by: 2 })).toMatchObject({ ok: true });
    expect(board.state.points).toBe(7);
    expect(board.html).toContain('<output>7</output>');
    expect(board.version).toBe(1);

    await board.emit('finish');
    expect(board.effects).toEqual({ redirect: { to: '/done' } });
  });

  it('shows a refusal, and what was there before it', async () => {
    const board = await live.mount(Board);
    await board.emit('add', { by: 3 });
    await board.emit('fail');
    expect(board.error?.code).toBe('RECORD_CHANGED');
    expect(board.state.points).toBe(3);
    await board.emit<string>('nothing');
    expect(board.error?.code).toBe('UNKNOWN_EVENT');
    await board.emit('add', { by: 1 });
    expect(board.error).toBeUndefined();
    expect(board.state.points).toBe(4);
  });

  it('asks as whoever the test says', async () => {
    await expect(live.mount(Safe)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    const safe = await live.as({ id: 'ada' }).mount(Safe);
    expect(safe.html).toContain('gold');
    const board = await live.as({ id: 'ada' }).mount(Board);
    await board.emit('add', { by: 1 });
    expect(board.state.by).toBe('ada');
  });

  it('presses a button by its name', async () => {
    const board = await live.mount(Board);
    await board.click('Add one');
    expect(board.state.points).toBe(1);
  });

  it('fills in a form and submits it, by names and by labels', async () => {
    const board = await live.mount(Board);
    await board.fill({ title: 'Final', Note: '12' }).submit();
    expect(board.state).toMatchObject({ title: 'Final', note: 12 });
    await board.fill({ Title: 'Half time' }).click('Save');
    expect(board.state.title).toBe('Half time');
  });

  it('writes bound fields by themselves, and no others', async () => {
    const board = await live.mount(Board);
    await board.fill({ note: 4 });
    expect(board.state.note).toBe(4);
    await board.fill({ points: 100 });
    expect(board.error?.code).toBe('PROP_LOCKED');
  });

  it('is told what the server says by itself', async () => {
    const board = await live.mount(Board);
    await board.emit('add', { by: 1 });
    await live.app.get(LivePublisher).broadcast('bonus', { points: 10 });
    await board.nextRender();
    expect(board.html).toContain('<output>11</output>');
    expect(board.state.points).toBe(11);
  });

  it('forks: two ways on from one beginning', async () => {
    const board = await live.mount(Board, { points: 1 });
    await board.emit('add', { by: 1 });
    const other = await board.fork();
    expect(other.state.points).toBe(2);
    expect(other.id).not.toBe(board.id);

    await board.emit('add', { by: 1 });
    await other.emit('add', { by: 10 });
    expect([board.state.points, other.state.points]).toEqual([3, 12]);
  });

  it('reloads: a new instance with the same props', async () => {
    const board = await live.mount(Board, { points: 1 });
    await board.emit('add', { by: 1 });
    const before = board.id;
    await board.reload();
    expect(board.state.points).toBe(1);
    expect(board.id).not.toBe(before);
    await board.emit('add', { by: 1 });
    expect(board.state.points).toBe(2);
  });

  it('reconnects: the same instance with the same numbers', async () => {
    const board = await live.mount(Board);
    await board.emit('add', { by: 1 });
    await board.reconnect();
    expect(board.state.points).toBe(1);
    await board.emit('add', { by: 1 });
    expect(board.state.points).toBe(2);
  });

  it('drives components whose page holds the state', async () => {
    const note = await live.mount(Note);
    await note.emit('write', { text: 'a' });
    expect(note.state).toEqual({ text: 'a', at: new Date(1) });
    await note.fill({ text: 'b' });
    expect(note.html).toContain('>b<');

    const other = await note.fork();
    await other.emit('write', { text: 'c' });
    await note.reconnect();
    expect([note.state.text, other.state.text]).toEqual(['b', 'c']);
    await note.reload();
    expect(note.state.text).toBe('');
  });

  it(tabs ? 'sees in one tab what is done in the other' : 'says that another tab needs a socket', async () => {
    const board = await live.mount(Board);
    if (!tabs) {
      await expect(board.openInAnotherTab()).rejects.toThrow(/transport: "socket"/);
      return;
    }
    const other = await board.openInAnotherTab();
    await board.emit('add', { by: 1 });
    await other.nextRender();
    expect(other.state.points).toBe(1);
    await other.emit('add', { by: 10 });
    await board.until(() => board.state.points === 11);
    expect(board.html).toContain('<output>11</output>');
  });
});
