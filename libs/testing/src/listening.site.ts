import { LiveCaller, type CallerInit, type ErrorReply, type Reply } from 'nest-live';
import type { InstanceAccess, LifecycleRunner } from 'nest-live/extend';

import { HttpLine } from './http.line.js';
import { Site, type Inside, type Line, type Listener, type Mounting } from './line.js';
import { SocketLine } from './socket.line.js';
import { Visitor, type Address } from './visitor.js';

export type Transport = 'socket' | 'http';

/** What an application that listens is reached by from inside, where it runs in this process. */
export interface Interior {
  readonly runner: LifecycleRunner;
  readonly access: InstanceAccess;
  readonly caller: CallerInit & { readonly sessionId: string };
}

/** An application that listens: real requests, real sockets. */
export class ListeningSite extends Site {
  readonly place: string;
  readonly inside?: Inside;
  private readonly visitor: Visitor;
  private readonly runner?: LifecycleRunner;

  constructor(
    address: Address,
    private readonly transport: Transport,
    interior?: Interior,
  ) {
    super();
    this.place = address.url;
    this.visitor = new Visitor(address);
    if (interior) {
      this.runner = interior.runner;
      this.inside = { access: interior.access, caller: new LiveCaller(interior.caller) };
    }
  }

  /** As a page of this very process mounts, with any props; from outside with those that clients may give. */
  async mount({ component, props }: Mounting): Promise<Reply> {
    if (!this.runner || !this.inside) {
      return this.visitor.send('POST', component, { params: props });
    }
    const { caller } = this.inside;
    const request = { headers: this.visitor.headers, user: caller.user ?? undefined };
    const envelope = { component };
    const { reply } = await this.runner.run({ kind: 'mount', envelope, props, caller, transport: 'page', request });
    return reply;
  }

  bring(token: string, bytes: Uint8Array): Promise<ErrorReply | undefined> {
    return this.visitor.bring(token, bytes);
  }

  async open(listener: Listener): Promise<Line> {
    return this.transport === 'http' ? new HttpLine(this.visitor, listener) : SocketLine.open(this.visitor, listener);
  }
}
