import { createServer, connect, type Server, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

import { RedisBackend, RedisLink } from 'nest-live/redis';

import { ServerInfo } from '../../libs/redis/src/server.info.js';
import { RedisServer } from './redis.server.js';

/** A cable to the server that can be held: nothing comes through, and nobody is told. */
class Cable {
  static async to(port: number): Promise<Cable> {
    const cable = new Cable();
    cable.server = createServer((near) => {
      const far = connect(port, '127.0.0.1');
      cable.ends.push(near, far);
      near.on('error', () => far.destroy()).on('close', () => far.destroy());
      far.on('error', () => near.destroy()).on('close', () => near.destroy());
      near.pipe(far).pipe(near);
    });
    await new Promise<void>((resolve) => cable.server.listen(0, '127.0.0.1', resolve));
    return cable;
  }

  private server: Server;
  private ends: Socket[] = [];

  get url(): string {
    return `redis://127.0.0.1:${(this.server.address() as { port: number }).port}`;
  }

  /** The connections of now are dead; later ones are not. */
  hold(): void {
    this.ends.splice(0).forEach((end) => end.unpipe().pause());
  }

  close(): void {
    this.ends.forEach((end) => end.destroy());
    this.server.close();
  }
}

const until = async (reached: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await reached())) await wait(10);
};

describe('the link to Redis', () => {
  let server: RedisServer;
  const links: RedisLink[] = [];
  /** @param startTimeoutMs plenty for a server that is there, also where the machine has much else to do */
  const linkTo = (url = server.url, startTimeoutMs = 10_000): RedisLink => {
    const link = new RedisLink({ url, commandTimeoutMs: 100, startTimeoutMs });
    links.push(link);
    return link;
  };

  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterEach(() => links.splice(0).forEach((link) => link.close()));
  afterAll(() => server.stop());

  it('names the run of the server, another one after each restart, and none in between', async () => {
    const link = linkTo();
    await link.connect();
    const [first, readerFailures] = [link.generation, [] as unknown[]];
    expect(first).toMatch(/^[0-9a-f]{8}$/);
    const reader = link.reader();
    await reader.connect();
    reader.on('error', (error) => readerFailures.push(error));
    await server.down('SIGKILL');
    await until(() =>
      link.identified().then(
        () => false,
        () => true,
      ),
    );
    expect(link.generation).toBe(first);
    await expect(link.commands.ping()).rejects.toThrow();
    await server.up();
    await until(() =>
      link.identified().then(
        () => true,
        () => false,
      ),
    );
    expect(link.generation).toMatch(/^[0-9a-f]{8}$/);
    expect(link.generation).not.toBe(first);
    expect(await reader.ping()).toBe('PONG');
  });

  it('fails a command at once that was under way when the connection broke, and does not send it again', async () => {
    const link = linkTo();
    await link.connect();
    const waiting = link.commands.blpop('nothing', 0);
    await server.down('SIGKILL');
    await expect(waiting).rejects.toThrow();
    await server.up();
    await until(() =>
      link.identified().then(
        () => true,
        () => false,
      ),
    );
    expect(await link.commands.info('clients')).toContain('blocked_clients:0');
  });

  it('takes a new connection when the present one is dead and nobody says so', async () => {
    const cable = await Cable.to(server.port);
    try {
      const link = linkTo(cable.url);
      const { generation } = await link.connect();
      cable.hold();
      await expect(link.commands.ping()).rejects.toThrow('timed out');
      link.doubt();
      await until(() =>
        link.commands.ping().then(
          () => true,
          () => false,
        ),
      );
      expect((await link.identified()).generation).toBe(generation);
    } finally {
      links.splice(0).forEach((link) => link.close());
      cable.close();
    }
  });

  it('answers whoever waits when it is closed while the server is away', async () => {
    const away = await RedisServer.start();
    const link = linkTo(away.url);
    await link.connect();
    const reader = link.reader();
    await reader.connect();
    await away.stop();
    await until(() => reader.status === 'reconnecting' && link.commands.status === 'reconnecting');
    const waiting = reader.get('key');
    link.close();
    await expect(waiting).rejects.toThrow('closed');
    expect([reader.status, link.commands.status]).toEqual(['end', 'end']);
  });

  it('says at start-up where it looked for a server that is not there', async () => {
    const link = linkTo('redis://127.0.0.1:1', 300);
    await expect(link.connect()).rejects.toMatchObject({
      code: 'BACKEND_UNREACHABLE',
      message: expect.stringMatching(/within 300 ms: nobody listens .*NEST_LIVE_REDIS_URL/) as string,
    });
  });

  it('does not take a replica for the server', async () => {
    const replica = await RedisServer.start({ flags: ['--replicaof', '127.0.0.1', String(server.port)] });
    try {
      await expect(linkTo(replica.url, 300).connect()).rejects.toMatchObject({ code: 'BACKEND_UNREACHABLE' });
    } finally {
      await replica.stop();
    }
  });
});

describe('a Redis that cannot keep promises', () => {
  it.each(['allkeys-lru', 'volatile-ttl'])('is refused at start-up: it drops keys by %s', async (policy) => {
    const server = await RedisServer.start({ flags: ['--maxmemory-policy', policy] });
    try {
      const backend = new RedisBackend({ url: server.url });
      await expect(backend.start()).rejects.toMatchObject({
        code: 'BACKEND_EVICTS',
        message: expect.stringContaining(`"${policy}"`) as string,
      });
    } finally {
      await server.stop();
    }
  });

  it('is refused at start-up: it is too old', () => {
    const verify = (version: string) => () => new ServerInfo(`redis_version:${version}\r\nrole:master\r\n`).verify();
    expect(verify('6.0.16')).toThrow('Redis is version 6.0.16: use 6.2 or newer');
    expect(verify('5.0.1')).toThrow('BACKEND_OUTDATED');
    expect(verify('6.2.0')).not.toThrow();
    expect(verify('10.0.1')).not.toThrow();
  });
});
