import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';

import { describe, expect, it } from '@jest/globals';

import { LiveCaller } from '../../lifecycle/caller/caller.js';
import { resolveLimits } from '../../protocol/limits.js';
import { EventStream } from './event.stream.js';

/** A response whose reader takes nothing until it is told to. */
class Response extends EventEmitter {
  readonly written: string[] = [];
  headersSent = false;
  destroyed = false;
  writableLength = 0;

  writeHead(): void {
    this.headersSent = true;
  }

  write(text: string): void {
    this.written.push(text);
    this.writableLength += text.length;
  }

  take(): void {
    this.writableLength = 0;
    this.emit('drain');
  }

  end(): void {
    this.emit('close');
  }

  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

const frame = (html: string): { component_id: string; seq: number; html: string; done: false } => ({
  component_id: 'c',
  seq: 1,
  html,
  done: false,
});

const open = (limits: object = {}): { out: Response; stream: EventStream } => {
  const out = new Response();
  const reader = { caller: new LiveCaller({ sessionId: 's' }), request: {} };
  return { out, stream: new EventStream(out as unknown as ServerResponse, reader, { limits: resolveLimits(limits) }) };
};

const shown = ({ written }: Response): string[] => written.map((text) => /"html":"(.*?)"/.exec(text)?.[1] ?? '');

describe('an event as server-sent events', () => {
  it('keeps the newest preview alone for a slow reader', () => {
    const { out, stream } = open({ bufferedSoftBytes: 10 });
    ['a', 'b', 'c', 'd'].forEach((html) => stream.preview(frame(html)));
    expect(shown(out)).toEqual(['a']);
    out.take();
    expect(shown(out)).toEqual(['a', 'd']);
    stream.end();
  });

  it('answers a slow reader without what it has not taken', () => {
    const { out, stream } = open({ bufferedSoftBytes: 10 });
    ['a', 'b'].forEach((html) => stream.preview(frame(html)));
    stream.answer({ ok: true, component_id: 'c', html: 'end', effects: {}, version: 1, render: 1 });
    out.take();
    expect(shown(out)).toEqual(['a', 'end']);
    expect(out.written.at(-1)).toContain('"done":true');
  });

  it('lets go of a reader for whom too much waits', () => {
    const { out, stream } = open({ bufferedHardBytes: 50 });
    stream.preview(frame('x'.repeat(60)));
    expect(out.destroyed).toBe(true);
    stream.preview(frame('more'));
    expect(out.written).toHaveLength(1);
  });

  it('says nothing before there is something to say', () => {
    const { out, stream } = open();
    expect(stream.hasBegun).toBe(false);
    stream.answer({ ok: true, component_id: 'c', effects: {}, version: 1, render: 1 });
    expect(out.written).toHaveLength(1);
    expect(stream.hasBegun).toBe(true);
  });
});
