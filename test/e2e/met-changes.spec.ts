import { Module } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ComponentsModule, ComponentsService, LiveComponent, LivePublisher, OnEvent, OnTopic, State } from 'nest-live';
import {
  Backend,
  MemoryBackend,
  MemoryStateStore,
  type CommitOutcome,
  type CommitRequest,
  type OpenRequest,
  type Soon,
} from 'nest-live/extend';

import { RunningApp } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';

let runs = 0;

@LiveComponent('tally', { template: '<p>{{marks}}</p>' })
class Tally {
  @State() marks = '';

  @OnEvent()
  @OnTopic('chalk')
  mark(): void {
    runs += 1;
    this.marks += 'x';
  }
}

/** Another node is faster than the next commit, when a test wants it; looks of this node are counted. */
class OvertakingStore extends MemoryStateStore {
  looks = 0;
  overtaken?: { readonly marks: string; readonly shape?: number };

  override open(request: OpenRequest) {
    this.looks += 1;
    return super.open(request);
  }

  override peek(id: string) {
    this.looks += 1;
    return super.peek(id);
  }

  override commit(request: CommitRequest): Soon<CommitOutcome> {
    const { overtaken } = this;
    this.overtaken = undefined;
    if (overtaken) {
      const { marks, shape = request.change!.shape } = overtaken;
      const { id, epoch, version } = request;
      void super.commit({ id, epoch, version, change: { snapshot: JSON.stringify({ marks }), shape }, reply: '' });
    }
    return super.commit(request);
  }
}

class OvertakingBackend extends MemoryBackend {
  override readonly state = new OvertakingStore();
}

describe('a commit that meets the change of another node', () => {
  let running: RunningApp;
  let store: OvertakingStore;
  let visitor: SocketVisitor;

  beforeEach(async () => {
    const backend = new OvertakingBackend();
    @Module({ providers: [{ provide: Backend, useValue: backend }], exports: [Backend] })
    class Given {}
    running = await RunningApp.start({ root: ComponentsModule.forRoot({ imports: [Given] }), providers: [Tally] });
    visitor = await SocketVisitor.connect(running.url);
    store = backend.state;
    runs = 0;
  });

  afterEach(async () => {
    visitor.close();
    await running.close();
  });

  /** How often the store is looked at for it. */
  const looksFor = async (deed: () => Promise<unknown>): Promise<number> => {
    const before = store.looks;
    await deed();
    return store.looks - before;
  };

  it('runs an event again on what it has met, and looks no second time', async () => {
    const { component_id: id } = await visitor.open('tally');
    const plain = await looksFor(() => visitor.event(id, 'mark', { seq: 1 }));
    store.overtaken = { marks: 'other ' };
    const met = await looksFor(async () =>
      expect(await visitor.event(id, 'mark', { seq: 2 })).toMatchObject({
        ok: true,
        version: 3,
        html: expect.stringContaining('>other x</p>'),
      }),
    );
    expect([plain, met, runs]).toEqual([1, 1, 3]);
  });

  it('refuses the event where that state is of a shape that no migration leads away from', async () => {
    const { component_id: id } = await visitor.open('tally');
    store.overtaken = { marks: 'newer', shape: 99 };
    expect(await visitor.event(id, 'mark', { seq: 1 })).toMatchObject({ ok: false, error: { code: 'STATE_OUTDATED' } });
    expect([(await store.peek(id))?.version, runs]).toEqual([1, 1]);
  });

  it('runs a method of the server again on it', async () => {
    const { component_id: id } = await visitor.open('tally');
    const push = async (count: number) => {
      await running.app.get(LivePublisher).broadcast('chalk');
      return visitor.pushed(count);
    };
    const plain = await looksFor(() => push(1));
    store.overtaken = { marks: 'other ' };
    const met = await looksFor(async () => expect((await push(2)).html).toContain('other x'));
    expect([met, (await store.peek(id))?.snapshot, runs]).toEqual([plain, '{"marks":"other x"}', 3]);
  });

  it('runs a change of a shared instance again on it', async () => {
    const components = running.app.get(ComponentsService);
    const { id } = await components.mount('tally');
    const plain = await looksFor(() => components.update(id, { event: 'mark' }));
    store.overtaken = { marks: 'other ' };
    const met = await looksFor(async () => expect(await components.update(id, { event: 'mark' })).toBe(3));
    expect([met, (await components.get(id))?.fields, runs]).toEqual([plain, { marks: 'other x' }, 3]);
  });
});
