import { Inject, Injectable, Logger } from '@nestjs/common';

import { NodeIdentity } from '../../connections/node-identity.js';
import { PushRunner } from '../../lifecycle/run/push.runner.js';
import { LogLine } from '../../observability/log-line.js';
import { Metrics } from '../../observability/metrics.js';
import { ShownRenders } from '../../patch/shown-renders.js';
import { LIMITS, type Limits } from '../../protocol/limits.js';
import type { Mutable } from '../../protocol/mutable.js';
import { JointWrites } from './joint.writes.js';
import type { LiveServer, LiveSocket } from './live.socket.js';
import { PushFrames } from './push.frames.js';
import { SendWindow, type SendWindowPlan } from './send-window.js';

/** The windows of the open connections of this node: what clients have not taken, and who is let go for it. */
@Injectable()
export class SendWindows {
  private readonly logger = new Logger('Live');
  private readonly windows = new Set<SendWindow>();
  private readonly renders: ShownRenders;
  private readonly plan: Mutable<SendWindowPlan>;
  private coalescedBefore = 0;

  constructor(
    private readonly pushes: PushRunner,
    private readonly node: NodeIdentity,
    private readonly metrics: Metrics,
    @Inject(LIMITS) limits: Limits,
  ) {
    this.renders = new ShownRenders(limits);
    this.plan = {
      limits,
      renders: this.renders,
      writes: new JointWrites(),
      redraw: (viewer) => this.pushes.refresh(viewer),
      onSlow: (socket, reason) => this.letGo(socket, reason),
    };
  }

  /** Packets are written here where they are socket.io's own and nothing keeps them for a recovery. */
  attach({ opts }: LiveServer): void {
    const isPlain = opts?.parser === undefined && !opts?.connectionStateRecovery;
    this.plan.frames = isPlain ? new PushFrames() : undefined;
  }

  make(socket: LiveSocket): SendWindow {
    return new SendWindow(socket, this.plan);
  }

  open(window: SendWindow): void {
    this.windows.add(window);
  }

  close(window: SendWindow): void {
    window.end();
    if (this.windows.delete(window)) {
      this.coalescedBefore += window.coalesced;
    }
  }

  get size(): number {
    return this.windows.size;
  }

  /** Bytes that are remembered of what viewers are shown. */
  get shownBytes(): number {
    return this.renders.bytes;
  }

  /** Renders that clients have not confirmed. */
  get unacked(): number {
    return this.sum(({ unacked }) => unacked);
  }

  /** Bytes that wait for the client for whom most wait. */
  get mostBuffered(): number {
    return Math.max(0, ...Array.from(this.windows, ({ bufferedBytes }) => bufferedBytes));
  }

  /** Viewers that wait for room on their connection. */
  get waiting(): number {
    return this.sum(({ waiting }) => waiting);
  }

  /** Renders that were left out since the start, because a newer one stood for them. */
  get coalesced(): number {
    return this.coalescedBefore + this.sum(({ coalesced }) => coalesced);
  }

  /** Windows that are looked at by a timer. */
  get watched(): number {
    return this.sum(({ isWatched }) => (isWatched ? 1 : 0));
  }

  /** The client comes back by itself, to the newest state. */
  private letGo({ id, conn }: LiveSocket, reason: string): void {
    this.metrics.slowClients.add();
    this.logger.warn(LogLine.of({ code: 'SLOW_CLIENT', connection: id, node: this.node.id, reason }));
    const line = conn.transport.socket;
    // What waits would be kept until it is sent: it is thrown away, and no goodbye could pass it.
    conn.close(true);
    line?.terminate();
  }

  private sum(of: (window: SendWindow) => number): number {
    let sum = 0;
    this.windows.forEach((window) => (sum += of(window)));
    return sum;
  }
}
