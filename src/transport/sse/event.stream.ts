import type { ServerResponse } from 'node:http';

import type { PreviewFrame, Reply } from '../../protocol/envelope.js';
import type { OpenStream } from './push.streams.js';
import { StreamLine, type StreamLinePlan } from './stream.line.js';

/** One event as it runs: previews, then the answer. The newest preview waits for a slow reader in the place of older ones. */
export class EventStream implements OpenStream {
  private readonly line: StreamLine;
  private waiting?: PreviewFrame;

  constructor(
    out: ServerResponse,
    readonly reader: OpenStream['reader'],
    plan: Omit<StreamLinePlan, 'onDrain'>,
  ) {
    this.line = new StreamLine(out, { ...plan, onDrain: () => this.waiting && this.preview(this.waiting) });
  }

  get hasBegun(): boolean {
    return this.line.hasBegun;
  }

  onClose(listener: () => void): void {
    this.line.onClose(listener);
  }

  preview(frame: PreviewFrame): void {
    if (this.line.isFull) {
      this.waiting = frame;
      return;
    }
    this.waiting = undefined;
    this.send('component_update', frame);
  }

  answer(reply: Reply): void {
    this.waiting = undefined;
    this.send(reply.ok ? 'component_update' : 'error', { ...reply, done: true });
    this.end();
  }

  send(event: string, data: unknown): void {
    this.line.send({ event, data });
  }

  end(): void {
    this.line.end();
  }
}
