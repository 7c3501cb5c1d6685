import type { ServerResponse } from 'node:http';

import type { LiveCaller } from '../../lifecycle/caller/caller.js';
import type { HeldInstance, Viewer } from '../../lifecycle/instance/viewer.js';
import type { ErrorReply, UpdatePush } from '../../protocol/envelope.js';
import type { Limits } from '../../protocol/limits.js';
import { StreamLine } from './stream.line.js';
import { writePositions } from './stream-position.js';

export interface StreamReader {
  /** As of the last time it was asked for. */
  caller: LiveCaller;
  readonly request: object;
  /** Renders the present state for a viewer that was left behind. */
  readonly refresh: (viewer: Viewer) => void;
}

/** Whom the guards of an instance have found, where they decide it. */
type Found = Required<Pick<Viewer, 'recognition' | 'caller'>>;

/** One instance a stream shows. */
class StreamViewer implements Viewer {
  /** There was a newer render when the reader had no room for it. */
  isBehind = false;

  constructor(
    readonly held: HeldInstance,
    private readonly stream: PushStream,
    private readonly found?: Found,
  ) {}

  get caller(): LiveCaller {
    return this.found?.caller ?? this.stream.reader.caller;
  }

  get request(): object {
    return this.stream.reader.request;
  }

  get recognition(): Viewer['recognition'] {
    return this.found?.recognition;
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

/** One open answer that carries pushes: each event says which positions its reader then shows. */
export class PushStream {
  private readonly viewers: (StreamViewer | undefined)[];
  private readonly line: StreamLine;

  /** @param places subscriptions the stream was asked for: each keeps its place in the stream's position */
  constructor(
    out: ServerResponse,
    readonly reader: StreamReader,
    { places, limits }: { readonly places: number; readonly limits: Limits },
  ) {
    this.viewers = Array.from({ length: places }, () => undefined);
    this.line = new StreamLine(out, { limits, onDrain: () => this.catchUp() });
  }

  get isClosed(): boolean {
    return this.line.isClosed;
  }

  get isFull(): boolean {
    return this.line.isFull;
  }

  onClose(listener: () => void): void {
    this.line.onClose(listener);
  }

  hold(held: HeldInstance, place: number, found?: Found): Viewer {
    const viewer = new StreamViewer(held, this, found);
    if (found?.caller.isAuthenticated) {
      this.reader.caller = found.caller;
    }
    this.viewers[place] = viewer;
    return viewer;
  }

  send(event: string, data: unknown): void {
    const shown = this.viewers.map((viewer) => viewer && { e: viewer.held.epoch, v: viewer.held.version });
    this.line.send({ id: writePositions(shown), event, data });
  }

  end(): void {
    this.line.end();
  }

  private catchUp(): void {
    for (const viewer of this.viewers) {
      if (viewer?.isBehind) {
        viewer.isBehind = false;
        this.reader.refresh(viewer);
      }
    }
  }
}
