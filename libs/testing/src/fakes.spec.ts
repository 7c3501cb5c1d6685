import { afterEach, describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { ComponentsModule, LiveComponent, OnEvent, Payload, State, Temporary } from 'nest-live';
import { StateStore } from 'nest-live/extend';
import { MemoryStateStore } from 'nest-live/extend';
import { FakeClock, FaultyStateStore, LiveTest, MockRenderer } from 'nest-live/testing';

@LiveComponent('till', { template: '<p>{{coins}}</p>' })
class Till {
  static runs = 0;

  @State() coins = 0;
  @Temporary() weight = 0;

  @OnEvent()
  put(@Payload('coins') coins: number): void {
    Till.runs += 1;
    this.coins += coins;
    this.weight = this.coins * 7;
  }
}

describe('the fakes of the testing kit', () => {
  let live: LiveTest | undefined;

  afterEach(async () => {
    await live?.close();
    live = undefined;
  });

  describe('a store that goes wrong', () => {
    const open = async (store: FaultyStateStore) => {
      live = await LiveTest.create({ providers: [Till], store });
      Till.runs = 0;
      return live.mount(Till);
    };

    it('fails a commit, and takes the event when it is sent again', async () => {
      const store = new FaultyStateStore();
      const till = await open(store);
      store.failNextCommit();
      await till.emit('put', { coins: 1 });
      expect(till.error).toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true });
      expect(till.state.coins).toBe(0);

      await till.retry();
      expect(till.error).toBeUndefined();
      expect(till.state.coins).toBe(1);
      expect(Till.runs).toBe(2);
    });

    it('loses an answer: what is sent again is known, and not applied twice', async () => {
      const store = new FaultyStateStore();
      const till = await open(store);
      store.loseNextAnswer();
      await till.emit('put', { coins: 5 });
      expect(till.error?.code).toBe('STORE_UNAVAILABLE');
      expect(till.state.coins).toBe(5);

      expect(await till.retry()).toMatchObject({ ok: true, dup: true });
      expect(till.html).toContain('>5<');
      expect(till.state.coins).toBe(5);
    });

    it('lets nothing overtake an event that is to be sent again', async () => {
      const store = new FaultyStateStore();
      const till = await open(store);
      store.failNextCommit(2);
      await till.emit('put', { coins: 1 });
      await till.emit('put', { coins: 10 });
      expect(till.error?.code).toBe('STORE_UNAVAILABLE');
      await till.emit('put', { coins: 100 });
      expect(till.state.coins).toBe(101);
      await expect(till.retry()).rejects.toThrow(/nothing to send again/);
    });

    it('meets a conflict: the event is run again on the newest state', async () => {
      const store = new FaultyStateStore();
      const till = await open(store);
      store.conflictNextCommit();
      await till.emit('put', { coins: 3 });
      expect(Till.runs).toBe(2);
      expect(till.state.coins).toBe(3);

      store.conflictNextCommit(50);
      await till.emit('put', { coins: 1 });
      expect(till.error?.code).toBe('CONTENTION');
    });

    it('tells what the store inside of it lets go', async () => {
      const store = new FaultyStateStore(new MemoryStateStore({ maxInstances: 1 }));
      const gone: string[] = [];
      store.onForget({ instance: (id) => gone.push(id), token: () => undefined });
      for (const id of ['a', 'b']) await store.create({ id, snapshot: '[]', birth: 'b', shape: 1 });
      expect(gone).toEqual(['a']);
    });

    it('forgets what it has answered: the next event says so, and the page goes on with what there is', async () => {
      const store = new FaultyStateStore();
      const till = await open(store);
      await till.emit('put', { coins: 1 });
      store.forgetNextCommit();
      await till.emit('put', { coins: 10 });
      expect(till.html).toContain('>11<');
      await till.emit('put', { coins: 100 });
      expect(till.error?.code).toBe('STATE_ROLLED_BACK');
      expect(till.html).toContain('>1<');
      expect(till.state.coins).toBe(1);
      await till.emit('put', { coins: 1000 });
      expect(till.error).toBeUndefined();
      expect(till.state.coins).toBe(1001);
    });

    it('goes down and comes back, and can be slow', async () => {
      const store = new FaultyStateStore();
      const till = await open(store);
      store.goDown();
      await till.emit('put', { coins: 1 });
      expect(till.error?.code).toBe('STORE_UNAVAILABLE');
      store.recover();
      await till.retry();
      store.latencyMs = 60;
      const begun = performance.now();
      await till.emit('put', { coins: 1 });
      expect(performance.now() - begun).toBeGreaterThanOrEqual(60);
      expect(till.state.coins).toBe(2);
    });

    it('takes the place of the store in a testing module, too', async () => {
      const store = new FaultyStateStore();
      const app = await Test.createTestingModule({ imports: [ComponentsModule.forRoot()], providers: [Till] })
        .overrideProvider(StateStore)
        .useValue(store)
        .compile();
      live = await LiveTest.from(app);
      const till = await live.mount(Till);
      store.failNextCommit();
      await till.emit('put', { coins: 1 });
      expect(till.error?.code).toBe('STORE_UNAVAILABLE');
      await app.close();
    });
  });

  describe('a renderer without templates', () => {
    it('shows what a template would have seen', async () => {
      const renderer = new MockRenderer();
      live = await LiveTest.create({ providers: [Till], renderer });
      const till = await live.mount(Till);
      await till.emit('put', { coins: 2 });
      expect(renderer.viewOf(Till)).toMatchObject({ coins: 2, weight: 14, id: till.id });
      expect(till.html).toContain('<pre');
      expect(till.html).toContain('{"coins":2}');
      expect(renderer.renders.map(({ component }) => component)).toContain('till');
      expect(() => renderer.viewOf('vault')).toThrow('"vault" was not rendered; rendered was: till.');
    });

    it('fails as a template with a mistake does: nothing is changed', async () => {
      const renderer = new MockRenderer(({ view }) => `<p>${String(view.coins)} coins</p>`);
      live = await LiveTest.create({ providers: [Till], renderer });
      const till = await live.mount(Till);
      renderer.failNext();
      await till.emit('put', { coins: 2 });
      expect(till.error?.code).toBe('HANDLER_ERROR');
      expect(till.state.coins).toBe(0);
      expect(till.html).toContain('0 coins');
    });
  });

  describe('a clock that the test moves', () => {
    it('ends what has a time limit', async () => {
      const clock = FakeClock.start();
      live = await LiveTest.create({ providers: [Till], clock, options: { memory: { ttlMs: 60_000 } } });
      const till = await live.mount(Till);
      await till.emit('put', { coins: 1 });
      clock.advance(59_000);
      await till.emit('put', { coins: 1 });
      expect(till.state.coins).toBe(2);
      clock.advance(61_000);
      await till.emit('put', { coins: 1 });
      expect(till.error?.code).toBe('INSTANCE_NOT_FOUND');
    });

    it('is the real one again when the test closes, and is moved by one test at a time', async () => {
      const before = Date.now();
      const clock = FakeClock.start();
      live = await LiveTest.create({ clock });
      clock.advance(3_600_000);
      expect(clock.now - before).toBeGreaterThanOrEqual(3_600_000);
      expect(() => FakeClock.start()).toThrow(/is running already/);
      expect(() => clock.advance(-1)).toThrow(RangeError);
      await live.close();
      expect(Date.now() - before).toBeLessThan(3_600_000);
      FakeClock.start().stop();
    });
  });

  it('are one test’s own: two applications never see each other’s components', async () => {
    @LiveComponent('till', { template: '<p>another</p>' })
    class Other {}
    live = await LiveTest.create({ providers: [Till] });
    const second = await LiveTest.create({ providers: [Other] });
    expect((await live.mount(Till)).html).toContain('>0<');
    expect((await second.mount(Other)).html).toContain('another');
    await expect(live.mount(Other)).rejects.toThrow(
      /Other is no component of this application, which has: "till" \(Till\).*providers: \[Other\]/,
    );
    const till = await live.mount(Till);
    await second.close();
    await till.emit('put', { coins: 1 });
    expect(till.state.coins).toBe(1);
  });
});
