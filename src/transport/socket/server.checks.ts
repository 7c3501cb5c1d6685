import { Logger } from '@nestjs/common';

import { LiveSetupError } from '../../errors/setup-error.js';
import type { LiveServer } from './live.socket.js';

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
