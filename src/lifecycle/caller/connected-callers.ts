import { Injectable } from '@nestjs/common';

import type { LiveCaller } from './caller.js';

/** Whose connections are meant: all of a user's, or those of one login. */
export type Principal = { readonly userId: string } | { readonly sessionId: string };

/** Something open that belongs to a caller and outlives a request: a socket, a stream, an upload. */
export interface Connected {
  readonly caller: LiveCaller;
  /** Asks who is there now. @throws LiveError when the login is over; whatever keeps the resolver from answering */
  recheck(): void | Promise<void>;
  /** The login is over: says so and closes for good. */
  end(): void;
}

/** Everything on this node that has to end when a caller's login ends. */
@Injectable()
export class ConnectedCallers {
  private readonly connected = new Set<Connected>();

  /** @returns what to call when it has closed by itself */
  add(one: Connected): () => void {
    this.connected.add(one);
    return () => this.connected.delete(one);
  }

  of(principal: Principal): readonly Connected[] {
    return [...this.connected].filter(({ caller }) =>
      'userId' in principal
        ? caller.isAuthenticated && caller.id === principal.userId
        : caller.sessionId === principal.sessionId,
    );
  }

  all(): readonly Connected[] {
    return [...this.connected];
  }

  /** @returns how many there were */
  end(principal: Principal): number {
    const ending = this.of(principal);
    ending.forEach((one) => one.end());
    return ending.length;
  }
}
