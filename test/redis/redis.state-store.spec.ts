import { setTimeout as wait } from 'node:timers/promises';

import { RedisLink, RedisStateStore, type RedisStateStoreOptions } from 'nest-live/redis';

import { describeStateStore } from '../../src/state/state-store.contract.js';
import { createShared, ok } from '../../src/state/state-store.stories.js';
import { MovedStateStore } from './moved.state-store.js';
import { RedisServer } from './redis.server.js';

let server: RedisServer;
beforeAll(async () => {
  server = await RedisServer.start();
});
afterAll(() => server.stop());

describeStateStore(
  'redis',
  (options) => MovedStateStore.make(server.url, options),
  (store) => store as MovedStateStore,
);

const mount = { exp: Date.now() + 300_000, snapshot: '[]', birth: 'birth1', shape: 1 };

type Lives = Pick<RedisStateStoreOptions, 'ttlMs' | 'clientSessionMs'>;

describe('redis state store, on its own clock', () => {
  const links: RedisLink[] = [];
  const storeOf = async (options: Lives & { readonly commandTimeoutMs?: number } = {}) => {
    const { commandTimeoutMs, ...state } = options;
    const link = new RedisLink({ url: server.url, prefix: 'real:', commandTimeoutMs });
    links.push(link);
    await link.connect();
    return { link, store: new RedisStateStore(link, state) };
  };
  afterEach(() => links.splice(0).forEach((link) => link.close()));

  it('forgets an instance by the clock of the server, and its tombstone later', async () => {
    const { store, link } = await storeOf({ ttlMs: 40 });
    const adopter = { ...mount, id: 'brief', page: 'p', tokenGeneration: store.generation };
    ok(await store.adopt(adopter));
    expect(await link.commands.pexpiretime('real:lc:{brief}:t')).toBe(mount.exp + 2 * 60_000);
    while (await store.peek('brief')) await wait(5);
    expect((await store.adopt(adopter)).kind).toBe('GONE');
    expect(await link.commands.keys('real:lc:{brief}*')).toEqual(['real:lc:{brief}:t']);
    const late = { ...adopter, id: 'late', exp: Date.now() - 60_001 };
    expect((await store.adopt(late)).kind).toBe('EXPIRED');
  });

  it('writes nothing for looking at an instance that was in use a moment ago', async () => {
    const { store, link } = await storeOf({ clientSessionMs: 3_600_000 });
    const { cs, epoch } = ok(await store.adopt({ ...mount, id: 'busy', page: 'p', tokenGeneration: store.generation }));
    const writes = async (): Promise<string | undefined> =>
      /rdb_changes_since_last_save:(\d+)/.exec(await link.commands.info('persistence'))?.[1];
    const before = await writes();
    for (let n = 0; n < 3; n++) ok(await store.open({ id: 'busy', cs, at: { e: epoch, v: 0 } }));
    expect(await writes()).toBe(before);
  });

  it('keeps what is only looked at', async () => {
    const { store, link } = await storeOf({ ttlMs: 6_000 });
    const { cs } = ok(await store.adopt({ ...mount, id: 'seen', page: 'p', tokenGeneration: store.generation }));
    const ends = () => link.commands.pexpiretime('real:lc:{seen}');
    const before = await ends();
    const late = Date.now() + 20_000;
    while ((await ends()) === before && Date.now() < late) {
      ok(await store.open({ id: 'seen', cs }));
      await wait(5);
    }
    // A sixtieth of its life at the latest.
    expect((await ends()) - before).toBeGreaterThanOrEqual(100);
  });

  it('has one adopter for each mount, whoever of 20 connections asks first', async () => {
    const nodes = await Promise.all(Array.from({ length: 20 }, () => storeOf()));
    for (let round = 0; round < 100; round++) {
      const outcomes = await Promise.all(
        nodes.map(({ store }, n) =>
          store.adopt({ ...mount, id: `mount${round}`, page: `p${n}`, tokenGeneration: store.generation }),
        ),
      );
      const winners = outcomes.flatMap(({ kind }, n) => (kind === 'OK' ? [`p${n}`] : []));
      expect(winners).toEqual([await nodes[0].link.commands.get(`real:lc:{mount${round}}:t`)]);
      expect(outcomes.filter(({ kind }) => kind === 'TAKEN')).toHaveLength(19);
    }
  });

  it('sends a numbered commit again when the answer is late, and it counts once', async () => {
    const { store } = await storeOf({ commandTimeoutMs: 400 });
    const { link: pausing } = await storeOf();
    const opened = ok(await store.adopt({ ...mount, id: 'slow', page: 'p', tokenGeneration: store.generation }));
    const session = { cs: 'p', seq: 1 };
    const commit = { id: 'slow', epoch: opened.epoch, version: 0, change: { snapshot: '["x"]', shape: 1 } };
    await store.commit({ ...commit, session, reply: 'did x' });
    await pausing.commands.client('PAUSE', 600, 'ALL');
    expect(await store.commit({ ...commit, version: 1, session: { ...session, seq: 2 }, reply: 'did y' })).toEqual({
      kind: 'DUP',
      reply: 'did y',
      last: 2,
      version: 2,
      snapshot: '["x"]',
    });
  });

  it('does not send again what it could not recognise', async () => {
    const { store } = await storeOf({ commandTimeoutMs: 200 });
    const { link: pausing, store: other } = await storeOf();
    const { epoch } = await createShared(store);
    await pausing.commands.client('PAUSE', 300, 'ALL');
    const change = { snapshot: '["x"]', shape: 1 };
    const commit = store.commit({ id: 'shared', epoch, version: 0, change, reply: '' });
    await expect(commit).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true });
    await wait(300);
    expect(await other.peek('shared')).toMatchObject({ version: 1 });
  });

  it('teaches its scripts to a server that has forgotten them', async () => {
    const { store, link } = await storeOf();
    await createShared(store);
    await link.commands.script('FLUSH');
    expect(await store.peek('shared')).not.toBeNull();
  });

  it('says where a thousand instances stand', async () => {
    const { store } = await storeOf();
    const ids = Array.from({ length: 1_200 }, (_, n) => `many${n}`);
    await Promise.all(ids.map((id) => store.create({ id, snapshot: '[]', birth: id, shape: 1 })));
    const positions = await store.positions([...ids, 'nobody']);
    expect(positions).toEqual([...ids.map((id) => ({ e: `${id}.${store.generation}`, v: 0 })), null]);
  });
});
