import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { resolveComponents } from '../../components.options.js';
import type { LiveServer } from './live.socket.js';
import { checkServer } from './server.checks.js';

const server = (opts: object, engine: object = {}): LiveServer => ({ opts, engine: { opts: engine } }) as LiveServer;

afterEach(() => {
  jest.restoreAllMocks();
});

describe('an application that starts', () => {
  it.each([{}, { skipMiddlewares: true }])(
    'is stopped by a socket recovery that skips authentication: %j',
    (recovery) => {
      expect(() => checkServer(server({ connectionStateRecovery: recovery }))).toThrow(
        /connectionStateRecovery.*OPTION_INVALID/s,
      );
    },
  );

  it('may recover sockets that are authenticated again, and needs no recovery', () => {
    checkServer(server({ connectionStateRecovery: { skipMiddlewares: false } }));
    checkServer(server({}));
  });

  it('is told what compression costs', () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    checkServer(server({}, { perMessageDeflate: false }));
    expect(warn).not.toHaveBeenCalled();
    checkServer(server({}, { perMessageDeflate: { threshold: 1_024 } }));
    expect(warn.mock.calls.flat()).toEqual([expect.stringContaining('perMessageDeflate')]);
  });

  it.each(['*', 'https://*.shop.example', 'shop.example', 'null'])(
    'is stopped by an origin that is not one: %s',
    (origin) => {
      expect(() => resolveComponents({ origins: [origin] })).toThrow(/origins holds.*OPTION_INVALID/s);
    },
  );

  it('may list exact origins', () => {
    resolveComponents({ origins: ['https://shop.example', 'http://localhost:4200'] });
  });
});
