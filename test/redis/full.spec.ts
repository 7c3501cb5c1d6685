import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LiveComponent, OnEvent, Payload, State } from 'nest-live';
import { RedisModule } from 'nest-live/redis';

import { RedisLink } from '../../libs/redis/src/redis.link.js';
import { HttpVisitor } from '../e2e/http.visitor.js';
import { RunningApp } from '../e2e/running-app.js';
import { HeaderCaller } from '../pipeline/probe.component.js';
import { soon } from '../security/uploads.site.js';
import { RedisServer } from './redis.server.js';

const LONG = 'x'.repeat(16_000);

@LiveComponent('note', { template: '<p></p>' })
class Note {
  @State() text = '';

  @OnEvent()
  write(@Payload('text') text: string): void {
    this.text = text;
  }
}

describe('a Redis of 8 MB', () => {
  let server: RedisServer;
  let link: RedisLink;
  let running: RunningApp;

  beforeAll(async () => {
    server = await RedisServer.start({ flags: ['--maxmemory', '8mb'] });
    link = new RedisLink({ url: server.url });
    await link.connect();
  });

  afterAll(async () => {
    link.close();
    await server.stop();
  });

  beforeEach(async () => {
    await link.commands.flushall();
    await link.commands.config('SET', 'maxmemory', '8mb');
    running = await RunningApp.start({
      imports: [RedisModule.forRoot({ url: server.url })],
      providers: [Note, HeaderCaller],
      options: { callerResolver: HeaderCaller, logRepeatMs: 0 },
    });
  });

  afterEach(() => running.close());

  const write = async (who: HttpVisitor): Promise<string> => {
    const { state } = await who.mount('note');
    const { reply } = await who.post('note', { state, event: 'write', payload: { text: LONG } });
    return reply.ok ? 'OK' : reply.error.code;
  };

  const ready = async (): Promise<number> => (await fetch(`${running.url}/components/-/health/ready`)).status;

  it('is not filled by strangers: users go on', async () => {
    const codes = new Set<string>();
    for (let n = 0; n < 500; n += 1) codes.add(await write(new HttpVisitor(running.url)));
    expect(codes).toEqual(new Set(['OK', 'OVERLOADED']));
    expect(await write(new HttpVisitor(running.url, { 'x-user': 'ada' }))).toBe('OK');
    expect(await ready()).toBe(200);
  });

  it('is told by `ready` when it takes no more writes, and when it does again', async () => {
    expect(await ready()).toBe(200);
    await link.commands.config('SET', 'maxmemory', '1');
    expect(await write(new HttpVisitor(running.url))).toBe('STORE_UNAVAILABLE');
    expect(await soon(ready, (status) => status === 503, 15_000)).toBe(503);
    await link.commands.config('SET', 'maxmemory', '8mb');
    expect(await soon(ready, (status) => status === 200, 15_000)).toBe(200);
  });
});
