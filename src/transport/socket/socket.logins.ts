import { Injectable } from '@nestjs/common';

import { LiveError } from '../../errors/live-error.js';
import { isSamePrincipal, type LiveCaller } from '../../lifecycle/caller/caller.js';
import type { CallerRequest } from '../../lifecycle/caller/caller-resolver.js';
import { ConnectedCallers, type Connected } from '../../lifecycle/caller/connected-callers.js';
import { CallerIntake } from '../caller.intake.js';
import { HandshakePassage } from '../http/handshake.passage.js';
import type { LiveConnection } from './live.connection.js';

/** What is done about a connection, the same for all. */
interface Watch {
  readonly recheck: (connection: LiveConnection) => void | Promise<void>;
  readonly end: (connection: LiveConnection) => void;
}

/** The login that a socket has come with. */
class WatchedLogin implements Connected {
  /** What ends the watch. */
  over?: () => void;
  /** What ends that of whom guards have found, by who it is. */
  found?: Map<string, () => void>;

  constructor(
    readonly connection: LiveConnection,
    private readonly ask: (connection: LiveConnection) => Promise<void>,
    private readonly close: (connection: LiveConnection) => void,
  ) {}

  get caller(): LiveCaller {
    return this.connection.caller;
  }

  recheck(): Promise<void> {
    return this.ask(this.connection);
  }

  end(): void {
    this.close(this.connection);
  }
}

/** Guards may find another user for each component; no page has more than a few. */
const MAX_FOUND = 15;

/** The logins behind a socket: that of its handshake, and those that guards have found since. It ends with each of them. */
@Injectable()
export class SocketLogins {
  private readonly watched = new WeakMap<LiveConnection, WatchedLogin>();
  private watch!: Watch;

  constructor(
    private readonly callers: ConnectedCallers,
    private readonly intake: CallerIntake,
    private readonly passage: HandshakePassage,
  ) {}

  /** @param watch what is done about a connection whose login is looked at, or over */
  attach(watch: Watch): void {
    this.watch = watch;
  }

  open(connection: LiveConnection): void {
    const login = new WatchedLogin(connection, this.recheck, this.watch.end);
    login.over = this.callers.add(login);
    this.watched.set(connection, login);
  }

  /** The guards of a component have found somebody: with the end of that login, too, the socket ends. */
  readonly met = (connection: LiveConnection, found: LiveCaller): void => {
    // Asked for each event and each render: mostly it is who the socket came with.
    if (!found.isAuthenticated || isSamePrincipal(found, connection.caller)) {
      return;
    }
    const login = this.watched.get(connection);
    if (!login) {
      return;
    }
    const key = JSON.stringify([found.id, found.sessionId, found.tenant]);
    const known = (login.found ??= new Map());
    if (!known.has(key) && known.size < MAX_FOUND) {
      // Guards are asked with every message and for every render: nothing else has to look whether it lives.
      known.set(key, this.callers.add({ caller: found, recheck: () => undefined, end: () => login.end() }));
    }
  };

  close(connection: LiveConnection): void {
    const login = this.watched.get(connection);
    login?.over?.();
    login?.found?.forEach((over) => over());
    this.watched.delete(connection);
  }

  /** Whom middleware has found at the handshake is asked of it again: no resolver knows. */
  private readonly recheck = async (connection: LiveConnection): Promise<void> => {
    if (!connection.recognition(connection.request) || !connection.caller.isAuthenticated) {
      await this.watch.recheck(connection);
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
  };
}

const loginOver = (): LiveError => new LiveError('SESSION_REVOKED', 'the middleware no longer knows this caller');
