import { Injectable } from '@nestjs/common';

import { LiveError } from '../../errors/live-error.js';
import { isSamePrincipal, type LiveCaller } from '../../lifecycle/caller/caller.js';
import type { CallerRequest } from '../../lifecycle/caller/caller-resolver.js';
import { ConnectedCallers, type Connected } from '../../lifecycle/caller/connected-callers.js';
import { CallerIntake } from '../caller.intake.js';
import { HandshakePassage } from '../http/handshake.passage.js';
import type { LiveConnection } from './live.connection.js';

type Watch = Pick<Connected, 'recheck' | 'end'>;

interface Watched {
  readonly watch: Watch;
  /** What ends the watch, by whom it is for. */
  readonly over: Map<string, () => void>;
}

/** Guards may find another user for each component; no page has more than a few. */
const MAX_FOUND = 16;

/** The logins behind a socket: that of its handshake, and those that guards have found since. It ends with each of them. */
@Injectable()
export class SocketLogins {
  private readonly watched = new WeakMap<LiveConnection, Watched>();

  constructor(
    private readonly callers: ConnectedCallers,
    private readonly intake: CallerIntake,
    private readonly passage: HandshakePassage,
  ) {}

  open(connection: LiveConnection, watch: Watch): void {
    const gone = this.callers.add({
      get caller() {
        return connection.caller;
      },
      recheck: () => this.recheck(connection, watch),
      end: () => watch.end(),
    });
    this.watched.set(connection, { watch, over: new Map([['', gone]]) });
  }

  /** The guards of a component have found somebody: with the end of that login, too, the socket ends. */
  met(connection: LiveConnection, found: LiveCaller): void {
    const { watch, over } = this.watched.get(connection) ?? {};
    const key = JSON.stringify([found.id, found.sessionId, found.tenant]);
    const isNew = found.isAuthenticated && !isSamePrincipal(found, connection.caller) && over?.has(key) === false;
    if (watch && over && isNew && over.size < MAX_FOUND) {
      // Guards are asked with every message and for every render: nothing else has to look whether it lives.
      over.set(key, this.callers.add({ caller: found, recheck: () => undefined, end: () => watch.end() }));
    }
  }

  close(connection: LiveConnection): void {
    this.watched.get(connection)?.over.forEach((end) => end());
    this.watched.delete(connection);
  }

  /** Whom middleware has found at the handshake is asked of it again: no resolver knows. */
  private async recheck(connection: LiveConnection, watch: Watch): Promise<void> {
    if (!connection.recognition(connection.request) || !connection.caller.isAuthenticated) {
      await watch.recheck();
      return;
    }
    const passed = await this.passage.pass(connection.socket.request);
    if ('status' in passed) {
      if (passed.status === 401 || passed.status === 403) {
        throw loginOver();
      }
      return;
    }
    const { caller } = await this.intake.of(passed.request as CallerRequest);
    if (!isSamePrincipal(caller, connection.caller)) {
      throw loginOver();
    }
    await connection.recheck(() => caller);
  }
}

const loginOver = (): LiveError => new LiveError('SESSION_REVOKED', 'the middleware no longer knows this caller');
