import type { LiveCaller } from '../../lifecycle/caller/caller.js';
import type { Recognition } from '../../lifecycle/caller/recognition.js';
import { sendsRender, type HeldInstance, type Viewer } from '../../lifecycle/instance/viewer.js';
import type { Known } from '../brief.reply.js';
import { ViewerMemory } from '../../lifecycle/instance/viewer-memory.js';
import type { ErrorReply, UpdatePush } from '../../protocol/envelope.js';
import type { LiveSocket } from './live.socket.js';
import type { SendWindow } from './send-window.js';

/** `join` is the page's own instance, `subscribe` looks at one as well. */
export type JoinKind = 'join' | 'subscribe';

/** Of the connection that has joined it. */
interface Joining {
  readonly socket: LiveSocket;
  readonly window: SendWindow;
  readonly caller: LiveCaller;
  readonly request: object;
  /** Guards decide who asks. */
  readonly asksGuards: boolean;
  recognition(request: object): Recognition | undefined;
}

/** One handle: an instance this connection has joined. */
export class JoinedInstance implements Viewer {
  readonly handle: number;
  readonly held: HeldInstance;
  readonly kind: JoinKind;

  constructor(
    { handle, held, kind }: { readonly handle: number; readonly held: HeldInstance; readonly kind: JoinKind },
    private readonly connection: Joining,
    private readonly joiner: LiveCaller,
  ) {
    this.handle = handle;
    this.held = held;
    this.kind = kind;
    held.shown = connection.window.remember();
    if (held.shown) held.shown.beside = held.memory = new ViewerMemory();
  }

  get caller(): LiveCaller {
    return this.connection.asksGuards ? this.joiner : this.connection.caller;
  }

  get request(): object {
    return this.connection.request;
  }

  get recognition(): Recognition | undefined {
    return this.connection.recognition(this.request);
  }

  /** What the client knows of the newest render by the one before it. */
  get known(): Known {
    return { version: this.held.follows === true, elements: this.held.shown?.isCounted === true };
  }

  postpone(): boolean {
    return this.connection.window.postpone(this);
  }

  update({ html, epoch, version, effects }: Omit<UpdatePush, 'h' | 'component_id' | 'render'>): void {
    const { window } = this.connection;
    if (html === '' || window.postpone(this)) {
      if (Object.keys(effects).length > 0) {
        window.send(() => this.connection.socket.emit('effect', { component_id: this.held.id, effects }));
      }
      return;
    }
    sendsRender(this.held, epoch, version);
    const { id: component_id, renders: render, shown } = this.held;
    const h = this.handle;
    const patch = shown?.next(html, epoch);
    // Written out, not put together: it is made for each viewer of a push.
    window.push(
      patch
        ? { component_id, h, patch, epoch, version, render, effects }
        : { component_id, h, html, epoch, version, render, effects },
      this.known,
    );
  }

  refuse(reply: ErrorReply): void {
    this.connection.window.send(() => this.connection.socket.emit('error', reply));
  }
}
