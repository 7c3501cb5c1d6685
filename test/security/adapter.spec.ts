import { describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';

import { RunningApp } from '../e2e/running-app.js';

/** An application's own adapter may set any option of the server below our gateway. */
class Recovering extends IoAdapter {
  override createIOServer(port: number, options?: object): ReturnType<IoAdapter['createIOServer']> {
    return super.createIOServer(port, { ...options, connectionStateRecovery: {} } as never);
  }
}

describe('an application whose adapter lets sockets back in without asking who they are', () => {
  it('does not start', async () => {
    let app: INestApplication | undefined;
    const configure = (made: INestApplication): unknown => (app = made).useWebSocketAdapter(new Recovering(made));
    await expect(RunningApp.start({ configure })).rejects.toThrow('connectionStateRecovery');
    await app?.close();
  });
});
