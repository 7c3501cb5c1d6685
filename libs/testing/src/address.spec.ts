import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { INestApplication, Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { ComponentsModule, LiveComponent, OnEvent, Payload, State, type OnMount } from 'nest-live';
import { LiveTest } from 'nest-live/testing';

@LiveComponent('board', {
  publicProps: ['points'],
  template: '<p><output>{{points}}</output><button live-click="add" live-value-by="1">Add one</button></p>',
})
class Board implements OnMount {
  @State() points = 0;

  onMount({ points = 0 }: { points?: number }): void {
    this.points = points;
  }

  @OnEvent()
  add(@Payload('by') by: string): void {
    this.points += Number(by);
  }
}

const application = async (): Promise<INestApplication> => {
  const module = await Test.createTestingModule({
    imports: [ComponentsModule.forRoot()],
    providers: [Board],
  }).compile();
  return module.createNestApplication({ logger: false });
};

describe('the testing kit with nothing but an address', () => {
  let app: INestApplication;
  let live: LiveTest;

  beforeEach(async () => {
    app = await application();
    await app.listen(0, '127.0.0.1');
    live = await LiveTest.connect(await app.getUrl());
  });

  afterEach(async () => {
    await live.close();
    await app.close();
  });

  const mount = (): ReturnType<typeof live.mount<Board>> => live.mount<Board>('board', { points: 2 });

  it('sees what a browser sees', async () => {
    const board = await mount();
    await board.click('Add one');
    expect(board.html).toContain('<output>3</output>');
    const other = await board.openInAnotherTab();
    await board.emit('add', { by: '1' });
    await other.nextRender();
    expect(other.html).toContain('<output>4</output>');
  });

  it('says what cannot be seen from there, and what to do', async () => {
    const board = await mount();
    expect(() => board.state).toThrow(/"board" keeps its state at http.*connect\(app\)/);
    await expect(board.fork()).rejects.toThrow(/only connect\(app\) can copy it/);
    await expect(live.mount(Board as Type<Board>)).rejects.toThrow(/mount\('name'\) instead of Board/);
    await expect(live.as({ id: 1 }).mount('board')).rejects.toThrow(/signIn: async \(user\) =>/);
    expect(() => live.app).toThrow(/connect\(app\)/);
    await expect(live.mount('board', { title: 'x' })).rejects.toMatchObject({ code: 'PROP_LOCKED' });
  });

  it('signs in as the test says', async () => {
    const seen: unknown[] = [];
    const signed = await LiveTest.connect(await app.getUrl(), {
      signIn: (user) => {
        seen.push(user);
        return { 'x-user': 'ada' };
      },
    });
    await (await signed.as({ id: 'ada' }).mount('board')).leave();
    expect(seen).toEqual([{ id: 'ada' }]);
  });

  it('says so when nothing of ours is there', async () => {
    const elsewhere = await LiveTest.connect(await app.getUrl(), { prefix: '/elsewhere' });
    await expect(elsewhere.mount('board')).rejects.toThrow(/Is ComponentsModule served under "\/elsewhere"/);
  });

  it('wants an application to listen before it connects', async () => {
    const silent = await application();
    await silent.init();
    await expect(LiveTest.connect(silent)).rejects.toThrow(/await app\.listen\(0/);
    await silent.close();
  });
});
