import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Injectable, UseGuards } from '@nestjs/common';
import {
  CallerResolver,
  IsAuthenticated,
  LiveComponent,
  OnEvent,
  State,
  type CallerInit,
  type CallerRequest,
} from 'nest-live';

import { PLATFORMS } from '../e2e/running-app.js';
import { SocketVisitor } from '../e2e/socket.visitor.js';
import { RawSocket } from './raw-socket.js';
import { Siege } from './siege.js';

let resolved = 0;

/** Asks a slow directory who somebody is. */
@Injectable()
class SlowDirectory extends CallerResolver {
  async resolve({ headers }: CallerRequest): Promise<CallerInit> {
    if (headers['x-user'] === undefined) return {};
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    resolved += 1;
    if (headers['x-user'] === 'nobody') throw new Error('the directory knows hunter2 only');
    return { user: { id: String(headers['x-user']) }, sessionId: 'one' };
  }
}

const ran: string[] = [];

@UseGuards(IsAuthenticated)
@LiveComponent('private', { template: '<div>{{count}}</div>' })
class Private {
  @State() count = 0;

  onMount(): void {
    ran.push(`mount after ${resolved}`);
  }

  @OnEvent()
  act(): void {
    ran.push(`act after ${resolved}`);
  }
}

describe.each(PLATFORMS)('messages that do not wait for the handshake on %s', (platform) => {
  let siege: Siege;

  beforeEach(async () => {
    resolved = 0;
    ran.length = 0;
    siege = await Siege.start({ platform, providers: [Private], options: { callerResolver: SlowDirectory } });
  });

  afterEach(() => siege.end());

  const mount = '420["mount",{"component":"private"}]';

  it('never run before the caller is known', async () => {
    const raw = await RawSocket.upgrade({ port: siege.running.port, headers: { 'x-user': 'ada' } });
    raw.say('40', mount, mount);
    await raw.until((heard) => heard.includes('430[') || heard.includes('44{'));
    // Either the connection ends at once, or the message is answered when the directory has.
    expect(ran.every((line) => line === 'mount after 1')).toBe(true);
    expect(raw.closed || resolved === 1).toBe(true);
    raw.end();
    await siege.stands();
  });

  it('never run at all when the caller is not known in the end', async () => {
    siege.calm();
    const raw = await RawSocket.upgrade({ port: siege.running.port, headers: { 'x-user': 'nobody' } });
    raw.say('40');
    await raw.until((heard) => heard.includes('44{'));
    raw.say(mount);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(ran).toEqual([]);
    expect(raw.heard).not.toContain('hunter2');
    expect(raw.heard).toContain('INTERNAL');
    expect(siege.log.refusals.map(({ code }) => code)).toEqual(['INTERNAL']);
    raw.end();
    await siege.stands();
  });

  it('run as their caller once it is known', async () => {
    const socket = await SocketVisitor.connect(siege.url, { headers: { 'x-user': 'ada' } });
    expect((await socket.ok('mount', { component: 'private' })).html).toContain('0');
    socket.close();
    const stranger = await SocketVisitor.connect(siege.url);
    expect((await stranger.refused('mount', { component: 'private' })).error.code).toBe('UNAUTHENTICATED');
    stranger.close();
  });
});

describe('frames no client library would write', () => {
  const FRAMES = [
    '40/other,',
    '40',
    '41',
    '42',
    '42[]',
    '42{}',
    '42["some","data"',
    '42[{"toString":"foo"}]',
    '42[true,"foo"]',
    '42["connect"]',
    '42["disconnect"]',
    '42["error"]',
    '42["error",null]',
    '42["error",{"message":{"a":1}}]',
    '421e20["mount",{}]',
    '42-1["mount",{}]',
    '420[1e999,1,"x"]',
    '42[null,1]',
    '430["unasked"]',
    '450-["x"]',
    '451-["mount",{"_placeholder":true,"num":0}]',
    '451-["mount",{"_placeholder":true,"num":-1}]',
    '451-["mount",{"_placeholder":true,"num":"__proto__"}]',
    '4511-["mount"]',
    `420["component_event",{"payload":${'['.repeat(20_000)}${']'.repeat(20_000)}}]`,
    '420["mount",{"__proto__":{"polluted":1}}]',
    '420["mount",{"params":{"__proto__":{"polluted":1}}}]',
    '420["join",{"at":{"__proto__":{"polluted":1},"e":"a.b","v":1}}]',
    '5',
    '51',
    '999',
    '1',
    '3probe',
    '\ud800',
    '',
  ];

  it.each(PLATFORMS)('harm nobody on %s', async (platform) => {
    const siege = await Siege.start({ platform });
    for (const said of FRAMES) {
      const raw = await RawSocket.upgrade({ port: siege.running.port });
      raw.say('40');
      await raw.until((heard) => heard.includes('40{'));
      raw.say(said, said, '420["mount",{"component":"target"}]');
      await raw.until((heard) => /430\[\{"ok":true/.test(heard));
      await siege.stands();
      raw.end();
    }
    await siege.end();
  });
});
