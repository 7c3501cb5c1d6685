import { once } from 'node:events';
import type { Socket } from 'node:net';

import { RedisLink } from 'nest-live/redis';

import { RedisServer } from './redis.server.js';

let server: RedisServer;
let link: RedisLink;
beforeAll(async () => {
  server = await RedisServer.start();
});
beforeEach(async () => {
  link = new RedisLink({ url: server.url });
  await link.connect();
});
afterEach(() => link.close());
afterAll(() => server.stop());

/** How many chunks each write to the socket takes along. */
const writesOf = (socket: Socket): readonly number[] => {
  const writes: number[] = [];
  const [write, writev] = [socket._write.bind(socket), socket._writev!.bind(socket)];
  socket._write = (...args) => {
    writes.push(1);
    write(...args);
  };
  socket._writev = (chunks, done) => {
    writes.push(chunks.length);
    writev(chunks, done);
  };
  return writes;
};

const many = <T>(make: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: 100 }, (_, n) => make(n)));

describe('redis connection', () => {
  it('sends the commands of one moment in one write, in their order', async () => {
    const writes = writesOf(link.commands.stream);
    const counts = await many(() => link.commands.incr('count'));
    expect(counts).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
    expect(writes).toEqual([100]);
    expect(await link.commands.get('count')).toBe('100');
    expect(writes).toEqual([100, 1]);
  });

  it('sends on after a reconnection in the midst of commands', async () => {
    const { commands } = link;
    const ready = once(commands, 'ready');
    const lost = many(() =>
      commands.echo('lost').then(
        () => 'answered',
        () => 'refused',
      ),
    );
    commands.disconnect(true);
    expect(['answered', 'refused']).toEqual(expect.arrayContaining(await lost));
    await ready;
    expect(await many((n) => commands.echo(`${n}`))).toEqual(Array.from({ length: 100 }, (_, n) => `${n}`));
  });

  it('answers a reader that waits, when it is ended while its connection is made anew', async () => {
    const reader = link.reader();
    await reader.ping();
    const waiting = reader.xread('BLOCK', 0, 'STREAMS', 'nothing', '$').then(
      () => 'answered',
      () => 'refused',
    );
    const again = once(reader, 'connect');
    reader.disconnect(true);
    await again;
    link.release(reader);
    expect(await waiting).toBe('refused');
  });

  it('leaves no rejection behind when it is ended while it subscribes again', async () => {
    const reader = link.reader();
    await reader.subscribe('news');
    await reader.psubscribe('news.*');
    const ready = once(reader, 'ready');
    reader.disconnect(true);
    await ready;
    const end = once(reader, 'end');
    // Its server dies in the same moment.
    reader.stream.destroy();
    link.release(reader);
    await end;
    // What nobody catches ends a process, and fails the test that runs.
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(reader.status).toBe('end');
  });
});
