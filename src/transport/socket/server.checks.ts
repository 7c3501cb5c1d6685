import { Logger } from '@nestjs/common';

import { LiveSetupError } from '../../errors/setup-error.js';
import type { LiveServer } from './live.socket.js';

/** What a gateway was given is a server of socket.io, and of no other kind of WebSockets. */
export const isSocketIo = (server: unknown): server is LiveServer => {
  const { engine, of } = (server ?? {}) as { readonly engine?: { readonly use?: unknown }; readonly of?: unknown };
  return typeof engine?.use === 'function' && typeof of === 'function';
};

/** @throws LiveSetupError `SOCKET_ADAPTER_UNSUPPORTED` */
export const refuseServer = (server: unknown): never => {
  const name = (server as object | null | undefined)?.constructor.name ?? 'nothing';
  throw new LiveSetupError(
    'SOCKET_ADAPTER_UNSUPPORTED',
    `the application's WebSocket adapter makes a server of its own kind (${name}), and live components speak socket.io. ` +
      'Remove app.useWebSocketAdapter(), or give it an IoAdapter, or a class that extends it; gateways of yours that need ' +
      'another adapter go into an application of their own.',
  );
};

/**
 * Ours for itself: an adapter of the application's, over Redis say, carries what it emits to every server of the namespace, and
 * its `disconnectSockets()` would end connections that are not its own. Nothing of ours goes that way.
 */
export const isolateServer = (server: LiveServer): void => {
  const Made = server.constructor as new (of: undefined, options: object) => LiveServer;
  const { connectionStateRecovery } = server.opts ?? {};
  const theirs = server.of('/').adapter as Record<string, unknown>;
  // That of the application is there already, and may share its connection: it hears on without being spoken to.
  for (const name of ['channel', 'requestChannel', 'responseChannel', 'specificResponseChannel']) {
    if (typeof theirs[name] === 'string') theirs[name] = `nest-live:${theirs[name]}`;
  }
  server.adapter(new Made(undefined, { connectionStateRecovery }).adapter());
};

/**
 * What an application's own `IoAdapter` may have turned on.
 * @throws LiveSetupError `OPTION_INVALID` for recovery that lets a socket in again without asking who it is
 */
export const checkServer = ({ opts, engine }: LiveServer): void => {
  const recovery = opts?.connectionStateRecovery;
  if (recovery && recovery.skipMiddlewares !== false) {
    throw new LiveSetupError(
      'OPTION_INVALID',
      'connectionStateRecovery is on in the socket adapter and skips authentication: after access was revoked, a ' +
        'socket would come back and get what was sent meanwhile. Remove it (this module recovers by itself), or set ' +
        'skipMiddlewares: false.',
    );
  }
  if (engine.opts?.perMessageDeflate) {
    new Logger('Live').warn(
      'perMessageDeflate is on in the socket adapter: it costs about twelve times the memory of a connection.',
    );
  }
};
