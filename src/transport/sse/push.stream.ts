import type { ServerResponse } from 'node:http';

import type { LiveCaller } from '../../lifecycle/caller.js';
import type { HeldInstance, Viewer } from '../../lifecycle/viewer.js';
import type { ErrorReply, UpdatePush } from '../../protocol/envelope.js';
import type { Limits } from '../../protocol/limits.js';
import { writeEvent } from './server-sent-event.js';
import { writePositions } from './stream-position.js';

const HEAD = {
  'content-type': 'text/event-stream; charset=utf-8',
  // What is in it belongs to one caller, and a proxy that collects it would hold it back.
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
  'x-content-type-options': 'nosniff',
};

export interface StreamReader {
  /** As of the last time it was asked for. */
  caller: LiveCaller;
  readonly request: object;
  /** Renders the present state for a viewer that was left behind. */
  readonly refresh: (viewer: Viewer) => void;
}

/** One instance a stream shows. */
class StreamViewer implements Viewer {
  /** There was a newer render when the reader had no room for it. */
  isBehind = false;

  constructor(
    readonly held: HeldInstance,
    private readonly stream: PushStream,
  ) {}

  get caller(): LiveCaller {
    return this.stream.reader.caller;
  }

  get request(): object {
    return this.stream.reader.request;
  }

  postpone(): boolean {
    this.isBehind ||= this.stream.isFull;
    return this.isBehind;
  }

  update({ html, epoch, version, effects }: Omit<UpdatePush, 'h' | 'component_id' | 'render'>): void {
    const { held } = this;
    if (held.epoch === epoch && version < held.version) {
      return;
    }
    if (html === '') {
      this.stream.send('effect', { component_id: held.id, effects });
      return;
    }
    held.renders += 1;
    held.epoch = epoch;
    held.version = version;
    const update = { component_id: held.id, html, epoch, version, render: held.renders, effects };
    this.stream.send('component_update', update);
  }

  refuse(reply: ErrorReply): void {
    this.stream.send('error', reply);
  }
}

/** One open answer that carries pushes: text events, a heartbeat, and never more than a slow reader can take. */
export class PushStream {
  private readonly viewers: (StreamViewer | undefined)[];
  private heartbeat?: NodeJS.Timeout;
  private stalled?: NodeJS.Timeout;
  private closed = false;

  /** @param places subscriptions the stream was asked for: each keeps its place in the stream's position */
  constructor(
    private readonly out: ServerResponse,
    readonly reader: StreamReader,
    private readonly options: { readonly places: number; readonly limits: Limits },
  ) {
    this.viewers = Array.from({ length: options.places }, () => undefined);
    out.on('drain', () => this.catchUp());
    out.once('close', () => this.end());
    // A reader that is gone is no error of ours.
    out.on('error', () => this.end());
  }

  get isClosed(): boolean {
    return this.closed;
  }

  get isFull(): boolean {
    return this.out.writableLength > this.options.limits.bufferedSoftBytes;
  }

  onClose(listener: () => void): void {
    this.out.once('close', listener);
  }

  hold(held: HeldInstance, place: number): Viewer {
    const viewer = new StreamViewer(held, this);
    this.viewers[place] = viewer;
    return viewer;
  }

  send(event: string, data: unknown): void {
    if (this.closed) {
      return;
    }
    this.open();
    const shown = this.viewers.map((viewer) => viewer && { e: viewer.held.epoch, v: viewer.held.version });
    this.out.write(writeEvent({ id: writePositions(shown), event, data }));
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
    if (this.out.headersSent) {
      return;
    }
    this.out.writeHead(200, HEAD);
    this.heartbeat = setInterval(() => this.out.write(': \n\n'), this.options.limits.streamHeartbeatMs).unref();
  }

  /** Whoever takes nothing for too long, or is behind by too much, is let go: it comes back and gets what is newest. */
  private watch(): void {
    const { bufferedHardBytes, slowClientMs } = this.options.limits;
    if (this.out.writableLength > bufferedHardBytes) {
      this.out.destroy();
      return;
    }
    if (this.isFull) {
      this.stalled ??= setTimeout(() => this.out.destroy(), slowClientMs).unref();
    }
  }

  private catchUp(): void {
    clearTimeout(this.stalled);
    this.stalled = undefined;
    for (const viewer of this.viewers) {
      if (viewer?.isBehind) {
        viewer.isBehind = false;
        this.reader.refresh(viewer);
      }
    }
  }
}
