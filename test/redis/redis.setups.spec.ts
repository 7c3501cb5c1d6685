import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import type { SetupErrorCode } from 'nest-live';
import { RedisBackend, type RedisOptions } from 'nest-live/redis';

import { makeCertificate } from './certificate.js';
import { RedisServer } from './redis.server.js';
import { Sentinel } from './sentinel.js';
import { Switch } from './switch.js';

/** A user by the rules of Redis' ACL, one word each. */
const user = (rules: string): string[] => ['--user', 'live', 'on', '>secret', ...rules.split(' ')];

const ALL = '~* &* +@all';

interface Refused {
  readonly setting: string;
  readonly flags?: readonly string[];
  readonly path?: string;
  readonly code: SetupErrorCode;
  readonly says: string;
}

const REFUSED: readonly Refused[] = [
  {
    setting: 'a database number that is not there',
    path: '/99',
    code: 'BACKEND_REFUSED',
    says: 'the database of this number is not there',
  },
  ...[
    ['ACL with other keys', '~other:* &* +@all'],
    ['ACL with other channels', '~* resetchannels &other:* +@all'],
    ['ACL with `-@scripting`', '~* &* +@all -@scripting'],
    ['ACL with some of the keys', '~nl:lc* ~nl:probe* &* +@all'],
  ].map(([setting, rules]) => ({
    setting,
    flags: user(rules),
    code: 'BACKEND_REFUSED' as const,
    says: 'this user may not do what nest-live needs',
  })),
  ...['EVAL', 'XREAD', 'PUBLISH'].map((name) => ({
    setting: `\`${name}\` renamed`,
    flags: ['--rename-command', name, 'other', ...user(ALL)],
    code: 'BACKEND_REFUSED' as const,
    says: 'a command that nest-live needs was renamed or switched off',
  })),
  {
    setting: 'a node of a Redis Cluster',
    flags: ['--cluster-enabled', 'yes', ...user(ALL)],
    code: 'BACKEND_UNSUPPORTED',
    says: 'it is a node of a Redis Cluster, which nest-live cannot use',
  },
];

const FULL_USER = user('~nl:* &nl:* +@all -@admin -@dangerous +info');

const until = async (reached: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await reached())) await wait(20);
};

const redisCli = (port: number, ...words: string[]): string =>
  execFileSync('redis-cli', ['-p', String(port), ...words], { encoding: 'utf8' });

const isWell = (backend: RedisBackend): Promise<boolean> =>
  backend.check().then(
    () => true,
    () => false,
  );

describe('a Redis as others set it up', () => {
  const servers: RedisServer[] = [];
  const backends: RedisBackend[] = [];
  const serverWith = async (...flags: readonly string[]): Promise<RedisServer> => {
    const server = await RedisServer.start({ flags });
    servers.push(server);
    return server;
  };
  const backendOf = (options: RedisOptions): RedisBackend => {
    const backend = new RedisBackend({ commandTimeoutMs: 500, startTimeoutMs: 2_000, ...options });
    backends.push(backend);
    return backend;
  };
  const started = async (options: RedisOptions, appId = 'shop'): Promise<RedisBackend> => {
    const backend = backendOf(options);
    await backend.start(appId);
    return backend;
  };
  const refusal = async (options: RedisOptions): Promise<{ code: SetupErrorCode; message: string }> => {
    try {
      await started(options);
    } catch (error) {
      return error as { code: SetupErrorCode; message: string };
    }
    throw new Error('it has started');
  };
  /** A hint and a feed entry between two nodes. */
  const hears = async (one: RedisBackend, two: RedisBackend): Promise<boolean> => {
    const heard: unknown[] = [];
    const topic = one.events.subscribe('news.local', (message) => void heard.push(message));
    const feed = one.events.follow('letters', ({ message }) => void heard.push(message));
    await Promise.all([topic.ready, feed.ready]);
    await two.events.publish('news.local', 'hint');
    await two.events.append('letters', 'entry');
    const late = wait(1_500).then(() => 'late');
    const done = until(() => heard.length === 2).then(() => 'done');
    const found = await Promise.race([done, late]);
    topic();
    feed();
    return found === 'done' && heard.includes('hint') && heard.includes('entry');
  };

  afterEach(async () => {
    await Promise.all(backends.splice(0).map((backend) => backend.close()));
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });

  it('keeps two databases of one server, and two applications in one, apart from each other', async () => {
    const { url } = await serverWith();
    const backend = async (database: number, appId: string) => started({ url: `${url}/${database}` }, appId);
    const [shop, twin, other, blog] = await Promise.all([
      backend(1, 'shop'),
      backend(1, 'shop'),
      backend(2, 'shop'),
      backend(1, 'blog'),
    ]);
    const heard: string[] = [];
    const listens = (name: string, { events }: RedisBackend) =>
      events.subscribe('presence.*', () => void heard.push(name)).ready;
    await Promise.all([listens('shop', shop), listens('other', other), listens('blog', blog)]);
    await twin.events.publish('presence.room', 1);
    await until(() => heard.length > 0);
    // What would have come wrongly was published before this, on the same server.
    await other.events.publish('presence.room', 2);
    await until(() => heard.includes('other'));
    expect(heard).toEqual(['shop', 'other']);
  });

  it('works for a user with the documented permissions, and without CLIENT', async () => {
    const { port } = await serverWith(...FULL_USER);
    const url = `redis://live:secret@127.0.0.1:${port}`;
    expect(await hears(await started({ url }), await started({ url }))).toBe(true);
    const quiet = await serverWith(...user('~nl:* &nl:* +@all -@admin -@dangerous -client +info'));
    const without = `redis://live:secret@127.0.0.1:${quiet.port}`;
    expect(await hears(await started({ url: without }), await started({ url: without }))).toBe(true);
  });

  it.each(REFUSED)(
    'is refused at start-up with cause and remedy: $setting',
    async ({ flags = user(ALL), path = '', code, says }) => {
      const { port } = await serverWith(...flags);
      const { code: said, message } = await refusal({ url: `redis://live:secret@127.0.0.1:${port}${path}` });
      expect([said, message]).toEqual([code, expect.stringContaining(says)]);
    },
  );

  it('says so in the guide, setting by setting', () => {
    const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/redis.md'), 'utf8');
    const rows = guide.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
    for (const { setting, code, says } of REFUSED) {
      const row = rows.find((cells) => cells[1] === setting);
      expect([setting, row?.[2]]).toEqual([setting, expect.stringContaining(`\`${code}\`: ${says}`)]);
    }
  });

  it('says which of password, user and network is wrong, at once or within the time given', async () => {
    const { port } = await serverWith('--requirepass', 'right');
    const wrong = await refusal({ url: `redis://:wrong@127.0.0.1:${port}`, startTimeoutMs: 60_000 });
    expect(wrong).toMatchObject({
      code: 'BACKEND_REFUSED',
      message: expect.stringMatching(/user name or password/) as string,
    });
    expect(wrong.message).not.toContain('wrong@');
    const none = await refusal({ url: `redis://127.0.0.1:${port}`, startTimeoutMs: 60_000 });
    expect(none).toMatchObject({
      code: 'BACKEND_REFUSED',
      message: expect.stringMatching(/asks for a password/) as string,
    });
    const host = await refusal({ url: 'redis://no-such-host.invalid', startTimeoutMs: 3_000 });
    expect(host).toMatchObject({
      code: 'BACKEND_UNREACHABLE',
      message: expect.stringMatching(/within 3000 ms: no such host/) as string,
    });
    const nobody = await refusal({ url: 'redis://127.0.0.1:1', startTimeoutMs: 400 });
    expect(nobody.message).toMatch(/within 400 ms: nobody listens.*ECONNREFUSED/);
  });

  it('gives up in its own time on a server that takes connections and says nothing', async () => {
    const mute = createServer((socket) => void socket.resume());
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as { port: number };
    const error = await refusal({ url: `redis://127.0.0.1:${port}`, startTimeoutMs: 300 });
    await new Promise((resolve) => mute.close(resolve));
    expect(error).toMatchObject({
      code: 'BACKEND_UNREACHABLE',
      message: expect.stringMatching(/within 300 ms: there is no answer/) as string,
    });
  });

  it('tells a certificate, and TLS where there is none, from a server that is away', async () => {
    const plain = await serverWith();
    // It waits for the end of what it takes for a command.
    const noTls = await refusal({ url: `rediss://127.0.0.1:${plain.port}`, startTimeoutMs: 500 });
    expect(noTls).toMatchObject({
      code: 'BACKEND_UNREACHABLE',
      message: expect.stringMatching(/rediss:/) as string,
    });
    const { cert, key } = makeCertificate(plain.folder);
    const tls = await RedisServer.start({ tls: { cert, key } });
    servers.push(tls);
    const url = `rediss://localhost:${tls.port}`;
    const unknown = await refusal({ url, startTimeoutMs: 60_000 });
    expect(unknown).toMatchObject({
      code: 'BACKEND_UNREACHABLE',
      message: expect.stringMatching(/certificate is not accepted.*tls\.ca/) as string,
    });
    await started({ url, connection: { tls: { ca: readFileSync(cert) } } });
    const shut = await refusal({ url: `redis://localhost:${tls.port}`, startTimeoutMs: 500 });
    expect(shut).toMatchObject({ code: 'BACKEND_UNREACHABLE' });
  });

  it('takes a password with signs that are percent-encoded, and a socket file', async () => {
    const { port } = await serverWith('--requirepass', 'a#b/c?d@e%f');
    await started({ url: `redis://:${encodeURIComponent('a#b/c?d@e%f')}@127.0.0.1:${port}` });
    const server = await serverWith();
    const path = join(server.folder, 'redis.sock');
    const local = await serverWith('--unixsocket', path);
    expect(local.port).toBeGreaterThan(0);
    await started({ url: path });
  });

  it('finds out that the server has become unable to write, and that it drops keys', async () => {
    const server = await serverWith();
    const backend = await started({ url: server.url });
    await backend.check();
    await backend.link.commands.config('SET', 'maxmemory', '1');
    await expect(backend.check()).rejects.toThrow(/OOM/);
    await backend.link.commands.config('SET', 'maxmemory', '0');
    await backend.check();
    expect(backend.warning).toBeUndefined();
    const later = await started({ url: server.url });
    await later.link.commands.config('SET', 'maxmemory-policy', 'allkeys-lru');
    await later.check();
    expect(later.warning).toBe('BACKEND_EVICTS');
  });

  it('leaves a master that was made a replica, for the one that has its address now', async () => {
    const [one, two] = await Promise.all([serverWith(), serverWith()]);
    const address = await Switch.to(one.port);
    try {
      const backend = await started({ url: address.url });
      address.port = two.port;
      // Open connections stay where they are, as they do when a name or a service is given another target.
      redisCli(one.port, 'replicaof', '127.0.0.1', String(two.port));
      await expect(backend.check()).rejects.toThrow(/READONLY/);
      await until(() => isWell(backend));
    } finally {
      address.close();
    }
  });

  it('writes to nobody but the new master when Sentinel has moved it', async () => {
    const master = await serverWith();
    const replica = await serverWith('--replicaof', '127.0.0.1', String(master.port));
    const sentinel = await Sentinel.start(master.port);
    try {
      await until(() => sentinel.knowsReplica());
      const connection = { sentinels: [{ host: '127.0.0.1', port: sentinel.port }], name: 'nl' };
      const backend = await started({ connection, startTimeoutMs: 10_000 });
      sentinel.failover();
      const portOf = () =>
        (backend.link.commands as unknown as { stream?: { remotePort?: number } }).stream?.remotePort;
      await until(async () => portOf() === replica.port && (await isWell(backend)));
      // Until it is told, for some ten seconds, the old one takes writes that nobody will ever see again.
      expect(redisCli(master.port, 'role')).toMatch(/^master/);
    } finally {
      await sentinel.stop();
    }
  });
});
