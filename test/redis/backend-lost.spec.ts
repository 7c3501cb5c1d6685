import { cpSync, rmSync } from 'node:fs';

import { LiveComponent, OnEvent, Payload, State, type OkReply } from 'nest-live';
import { RedisModule } from 'nest-live/redis';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { RunningApp } from '../e2e/running-app.js';
import { RedisServer } from './redis.server.js';

const keys = [{ kid: 'k1', secret: 'a key that two nodes of one test share 0123456789' }];

@LiveComponent('shopping', { template: '<ul>{{#each items}}<li>{{this}}</li>{{/each}}</ul>' })
class Shopping {
  @State() items: string[] = [];

  @OnEvent()
  add(@Payload('item') item: string): void {
    this.items = [...this.items, item];
  }
}

const add = (item: string, seq: number) => ({ event: 'add', payload: { item }, seq });

const nodeOn = (url: string): Promise<RunningApp> =>
  RunningApp.start({
    options: { keys, nodes: 2, limits: { eventsPerSecond: 0 } },
    providers: [Shopping],
    imports: [RedisModule.forRoot({ url, commandTimeoutMs: 300 })],
  });

/** Somebody whose requests go to either node in turn. */
class Shopper {
  private readonly nodes: readonly HttpVisitor[];
  private held?: OkReply & { state: string };
  private turn = 0;

  constructor(apps: readonly RunningApp[]) {
    const [first, ...others] = apps.map(({ url }) => new HttpVisitor(url));
    this.nodes = [first, ...others.map((other) => Object.assign(other, { page: first.page }))];
  }

  async mount(): Promise<void> {
    this.held = await this.nodes[0].mount('shopping');
    const [first, ...others] = this.nodes;
    others.forEach((other) => Object.assign(other, { cookies: Reflect.get(first, 'cookies') as unknown }));
  }

  async add(item: string, seq: number): Promise<OkReply> {
    const answer = await this.node.ok('shopping', { ...this.position, ...add(item, seq) });
    this.held = { ...answer, state: answer.state || this.held!.state };
    return answer;
  }

  async refused(item: string, seq: number): Promise<string> {
    return (await this.node.refused('shopping', { ...this.position, ...add(item, seq) })).error.code;
  }

  /** What the client does after a loss: it takes the state of the server, under a new client session. */
  async joinFresh(): Promise<OkReply> {
    const answer = await this.node.ok('shopping', { state: this.held!.state, fresh: true, at: undefined });
    this.held = { ...answer, state: answer.state || this.held!.state };
    return answer;
  }

  /** The token held, and the newest position shown. */
  private get position() {
    const { state, epoch, version } = this.held!;
    return { state, at: epoch && { e: epoch, v: version } };
  }

  private get node(): HttpVisitor {
    return this.nodes[this.turn++ % this.nodes.length];
  }
}

describe('two nodes on one Redis', () => {
  let server: RedisServer;
  let apps: RunningApp[];

  beforeEach(async () => {
    server = await RedisServer.start({ appendfsync: 'always' });
    apps = await Promise.all([nodeOn(server.url), nodeOn(server.url)]);
  });

  afterEach(async () => {
    await Promise.all(apps.map((app) => app.close()));
    await server.stop();
  });

  const joined = async (): Promise<Shopper> => {
    const shopper = new Shopper(apps);
    await shopper.mount();
    return shopper;
  };

  /**
   * The store is away for a moment after each restart, for one node longer than for the other; a refusal of this kind is no
   * answer.
   */
  const whenBack = async (ask: () => Promise<OkReply>): Promise<OkReply> => {
    for (;;) {
      const answer = await ask().catch((error: Error) => error);
      if (!(answer instanceof Error)) return answer;
      if (!answer.message.includes('STORE_UNAVAILABLE')) throw answer;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  const addWhenBack = (shopper: Shopper, item: string, seq: number): Promise<OkReply> =>
    whenBack(() => shopper.add(item, seq));

  const refusedWhenBack = async (shopper: Shopper, item: string, seq: number): Promise<string> => {
    for (;;) {
      const code = await shopper.refused(item, seq);
      if (code !== 'STORE_UNAVAILABLE') return code;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  it('serve one instance in turn', async () => {
    const shopper = await joined();
    for (let seq = 1; seq <= 6; seq++) expect((await shopper.add(`item${seq}`, seq)).version).toBe(seq);
  });

  it('refuse for a while when Redis dies, and go on where they were when it is back', async () => {
    const shopper = await joined();
    await shopper.add('milk', 1);
    await server.down('SIGKILL');
    expect([await shopper.refused('tea', 2), await shopper.refused('tea', 2)]).toEqual([
      'STORE_UNAVAILABLE',
      'STORE_UNAVAILABLE',
    ]);
    // A page that nobody has used yet needs no store.
    expect((await new HttpVisitor(apps[1].url).mount('shopping')).html).toContain('<ul');
    await server.up();
    const { html, version } = await addWhenBack(shopper, 'tea', 2);
    expect(version).toBe(2);
    expect(html).toContain('<li>milk</li><li>tea</li>');
  });

  it('end when they are told to while Redis is away', async () => {
    await joined();
    await server.down('SIGKILL');
    await Promise.all(apps.splice(0).map((app) => app.close()));
  });

  it('refuse in time when Redis hangs, and apply once what was sent meanwhile', async () => {
    const shopper = await joined();
    await shopper.add('milk', 1);
    server.signal('SIGSTOP');
    expect(await shopper.refused('tea', 2)).toBe('STORE_UNAVAILABLE');
    server.signal('SIGCONT');
    const { html } = await addWhenBack(shopper, 'tea', 2);
    expect(html?.match(/<li>tea/g)).toHaveLength(1);
  });

  it('tell a client whose changes an older copy of the data does not have', async () => {
    const shopper = await joined();
    const other = await joined();
    await shopper.add('milk', 1);
    await other.add('bread', 1);
    const copy = `${server.folder}-copy`;
    await server.down();
    cpSync(server.folder, copy, { recursive: true });
    await server.up();
    await addWhenBack(shopper, 'tea', 2);
    await server.down();
    rmSync(server.folder, { recursive: true });
    cpSync(copy, server.folder, { recursive: true });
    rmSync(copy, { recursive: true });
    await server.up();
    // Nothing of theirs is lost: nothing is said.
    expect((await addWhenBack(other, 'butter', 2)).version).toBe(2);
    expect(await refusedWhenBack(shopper, 'salt', 3)).toBe('STATE_ROLLED_BACK');
    expect(await refusedWhenBack(shopper, 'salt', 3)).toBe('STATE_ROLLED_BACK');
    const fresh = await whenBack(() => shopper.joinFresh());
    expect(fresh.html).toContain('<li>milk</li>');
    expect(fresh.html).not.toContain('tea');
    expect((await addWhenBack(shopper, 'salt', 1)).version).toBe(2);
  });
});
