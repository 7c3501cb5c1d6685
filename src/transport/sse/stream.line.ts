import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

import type { Limits } from '../../protocol/limits.js';
import { writeEvent, type ServerSentEvent } from './server-sent-event.js';

const HEAD = {
  'content-type': 'text/event-stream; charset=utf-8',
  // What is in it belongs to one caller, and a proxy that collects it would hold it back.
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
  'x-content-type-options': 'nosniff',
};

export interface StreamLinePlan {
  readonly limits: Limits;
  readonly headers?: OutgoingHttpHeaders;
  /** A reader that was slow has taken everything. */
  readonly onDrain: () => void;
}

/** One open answer made of text events: a heartbeat, and never more than a slow reader can take. */
export class StreamLine {
  private heartbeat?: NodeJS.Timeout;
  private stalled?: NodeJS.Timeout;
  private closed = false;

  constructor(
    private readonly out: ServerResponse,
    private readonly plan: StreamLinePlan,
  ) {
    out.on('drain', () => this.drained());
    out.once('close', () => this.end());
    // A reader that is gone is no error of ours.
    out.on('error', () => this.end());
  }

  get isClosed(): boolean {
    return this.closed;
  }

  get isFull(): boolean {
    return this.out.writableLength > this.plan.limits.bufferedSoftBytes;
  }

  /** Whether anything was sent. */
  get hasBegun(): boolean {
    return this.out.headersSent;
  }

  onClose(listener: () => void): void {
    this.out.once('close', listener);
  }

  send(event: ServerSentEvent): void {
    if (this.closed) {
      return;
    }
    this.open();
    this.out.write(writeEvent(event));
    this.watch();
  }

  end(): void {
    if (this.closed) {
      return;
    }
    this.closed = true;
    clearInterval(this.heartbeat);
    clearTimeout(this.stalled);
    this.out.end();
  }

  private open(): void {
    if (this.hasBegun) {
      return;
    }
    this.out.writeHead(200, { ...HEAD, ...this.plan.headers });
    this.heartbeat = setInterval(() => this.out.write(': \n\n'), this.plan.limits.streamHeartbeatMs).unref();
  }

  /** Whoever takes nothing for too long, or is behind by too much, is let go: it comes back and gets what is newest. */
  private watch(): void {
    const { bufferedHardBytes, slowClientMs } = this.plan.limits;
    if (this.out.writableLength > bufferedHardBytes) {
      this.out.destroy();
      return;
    }
    if (this.isFull) {
      this.stalled ??= setTimeout(() => this.out.destroy(), slowClientMs).unref();
    }
  }

  private drained(): void {
    clearTimeout(this.stalled);
    this.stalled = undefined;
    this.plan.onDrain();
  }
}
