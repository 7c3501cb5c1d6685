import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { expect, it } from '@jest/globals';
import { LiveComponent } from 'nest-live';

import { SocketLogins } from '../../src/transport/socket/socket.logins.js';
import type { LiveConnection } from '../../src/transport/socket/live.connection.js';
import { PLATFORMS, RunningApp } from '../e2e/running-app.js';
import { SocketVisitor } from '../e2e/socket.visitor.js';

setFlagsFromString('--allow-natives-syntax');
const isSameShape = runInNewContext('(one, other) => %HaveSameMap(one, other)') as (
  one: object,
  other: object,
) => boolean;

@LiveComponent('shaped', { template: '<p>shaped</p>' })
class Shaped {}

it.each(PLATFORMS)(
  'handshakes have one shape between them: who is on them is asked for each render: %s',
  async (platform) => {
    const app = await RunningApp.start({ platform, providers: [Shaped] });
    const logins = app.app.get(SocketLogins, { strict: false });
    const requests: object[] = [];
    const open = logins.open.bind(logins);
    logins.open = (connection: LiveConnection) => {
      requests.push(connection.request);
      open(connection);
    };
    const visitors: SocketVisitor[] = [];
    for (let made = 0; made < 4; made += 1) visitors.push(await SocketVisitor.connect(app.url));
    // The first one has shown what Express's router keeps on a request.
    const [, second, ...others] = requests;
    expect(others.map((other) => isSameShape(second, other))).toEqual([true, true]);
    visitors.forEach((visitor) => visitor.close());
    await app.close();
  },
);
