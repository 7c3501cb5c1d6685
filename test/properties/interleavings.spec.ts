import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import fc, { type Scheduler } from 'fast-check';
import { ComponentsModule, LiveCaller, LiveComponent, OnEvent, Payload, State } from 'nest-live';
import { Backend, LifecycleRunner, MemoryBackend, StateCodec, type HeldInstance } from 'nest-live/extend';

import { NaiveStateStore } from '../contracts/naive.state-store.js';
import { RUNS } from './runs.js';

const NODES = 3;
const MOST_EVENTS = 6;

@LiveComponent('ledger', { template: '<p>{{lines.length}}</p>' })
class Ledger {
  @State() lines: string[] = [];

  @OnEvent()
  append(@Payload('line') line: string): void {
    this.lines = [...this.lines, line];
  }
}

/** A store whose every answer comes when the scheduler says so. */
class ScheduledStateStore extends NaiveStateStore {
  scheduler?: Scheduler;

  override async open(...args: Parameters<NaiveStateStore['open']>): ReturnType<NaiveStateStore['open']> {
    await this.scheduler?.schedule(Promise.resolve(), 'open');
    return super.open(...args);
  }

  override async commit(...args: Parameters<NaiveStateStore['commit']>): ReturnType<NaiveStateStore['commit']> {
    await this.scheduler?.schedule(Promise.resolve(), 'commit');
    const outcome = await super.commit(...args);
    await this.scheduler?.schedule(Promise.resolve(), 'committed');
    return outcome;
  }
}

@Global()
@Module({})
class StoreModule {
  static of(backend: Backend): DynamicModule {
    return { module: StoreModule, providers: [{ provide: Backend, useValue: backend }], exports: [Backend] };
  }
}

class SharedMemory extends MemoryBackend {
  override close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Nodes that share nothing but the store: the queue of one knows nothing of the others. */
class World {
  static async start(store: ScheduledStateStore): Promise<World> {
    const backend = Object.create(new SharedMemory(), { state: { value: store } }) as Backend;
    const nodes: TestingModule[] = [];
    for (let node = 0; node < NODES; node += 1) {
      const options = {
        keys: [{ kid: 'k1', secret: 'a secret that all the nodes have, long enough' }],
        limits: { maxConflictRetries: 100 },
      };
      const module = await Test.createTestingModule({
        imports: [StoreModule.of(backend), ComponentsModule.forRoot(options)],
        providers: [Ledger],
      }).compile();
      nodes.push(await module.init());
    }
    return new World(nodes, store);
  }

  private readonly arrival = { caller: new LiveCaller({ sessionId: 's' }), transport: 'test', request: {} } as const;

  private constructor(
    private readonly nodes: readonly TestingModule[],
    private readonly store: ScheduledStateStore,
  ) {}

  /** One page per node on one instance; each sends its events at once, in the order of their numbers. */
  async run(scheduler: Scheduler, counts: readonly number[]): Promise<readonly string[]> {
    const pages = await this.open(counts.length);
    this.store.scheduler = scheduler;
    const answers = pages.flatMap((held, node) =>
      Array.from({ length: counts[node] }, async (_, index) => {
        const envelope = { event: 'append', payload: { line: `${node}.${index + 1}` }, seq: index + 1 };
        return this.runner(node).run({ ...this.arrival, kind: 'event', envelope, held });
      }),
    );
    await scheduler.waitFor(Promise.all(answers));
    this.store.scheduler = undefined;
    for (const { reply } of await Promise.all(answers)) expect(reply.ok).toBe(true);
    const { snapshot = '{}' } = (await this.store.peek(pages[0].id)) ?? {};
    return (this.nodes[0].get(StateCodec).decode(snapshot) as { lines: string[] }).lines;
  }

  async close(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.close()));
  }

  private runner(node: number): LifecycleRunner {
    return this.nodes[node].get(LifecycleRunner);
  }

  private async open(pages: number): Promise<readonly HeldInstance[]> {
    const mounted = await this.runner(0).run({ ...this.arrival, kind: 'mount', envelope: { component: 'ledger' } });
    let { state } = mounted.reply as { state?: string };
    const held: HeldInstance[] = [];
    for (let node = 0; node < pages; node += 1) {
      const envelope = { component: 'ledger', state, page: `page-of-the-node-${node}` };
      const kind = node === 0 ? 'join' : 'subscribe';
      const answer = await this.runner(node).run({ ...this.arrival, kind, envelope });
      if (!answer.reply.ok) throw new Error(JSON.stringify(answer.reply));
      state = answer.reply.state ?? state;
      held.push(answer.held as HeldInstance);
    }
    return held;
  }
}

const counts = fc
  .array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: NODES })
  .filter((each) => each.reduce((sum, count) => sum + count) <= MOST_EVENTS);

/** Each event is there once, and those of a page in the order of their numbers. */
const isSerial = (lines: readonly string[], of: readonly number[]): boolean =>
  lines.length === of.reduce((sum, count) => sum + count) &&
  of.every((count, node) => {
    const own = lines.filter((line) => line.startsWith(`${node}.`));
    return own.join() === Array.from({ length: count }, (_, index) => `${node}.${index + 1}`).join();
  });

const check = (world: () => World) =>
  fc.check(
    fc.asyncProperty(fc.scheduler(), counts, async (scheduler, of) => isSerial(await world().run(scheduler, of), of)),
    { numRuns: RUNS },
  );

describe('events of several nodes on one instance, in every order of their reads and commits', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.start(new ScheduledStateStore({}));
  });

  afterAll(() => world.close());

  it('are applied one after the other', async () => {
    const details = await check(() => world);
    expect(details.failed ? fc.defaultReportMessage(details) : 'none').toBe('none');
  }, 120_000);
});

describe('without compare-and-set', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.start(new ScheduledStateStore({}, new Set(['cas'])));
  });

  afterAll(() => world.close());

  it('an update is lost in some order, and the search finds it', async () => {
    expect((await check(() => world)).failed).toBe(true);
  }, 120_000);
});
