import type { Readable } from 'node:stream';

import { LiveError } from '../../errors/live-error.js';

export interface Meter {
  /** Bytes that may still come. */
  readonly room: number;
  /** Longest pause between two chunks, in milliseconds. */
  readonly idleMs: number;
  /** Aborted with a coded reason. */
  readonly signal: AbortSignal;
}

/**
 * The chunks of a body, asked for one by one. What ends early is told apart: too much (`UPLOAD_TOO_LARGE`), a reason of the
 * signal's, and everything else that lets the sender go on later (`UPLOAD_INCOMPLETE`). The body itself is left open, so that
 * its sender can be answered.
 */
export async function* metered(body: Readable, { room, idleMs, signal }: Meter): AsyncGenerator<Uint8Array> {
  const chunks = body.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array, undefined>;
  for (let left = room; ;) {
    const { value: chunk } = await soon(chunks.next(), { idleMs, signal });
    if (chunk === undefined) {
      return;
    }
    left -= chunk.length;
    if (left < 0) {
      throw new LiveError('UPLOAD_TOO_LARGE', 'more bytes came than the file was announced with');
    }
    yield chunk;
  }
}

const soon = <T>(next: Promise<T>, { idleMs, signal }: Omit<Meter, 'room'>): Promise<T> =>
  new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    const idle = setTimeout(() => reject(cut(`nothing came for ${idleMs} ms`)), idleMs);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) {
      stop();
    }
    next
      .then(resolve, (cause: unknown) => reject(cut('the connection ended', cause)))
      .finally(() => {
        clearTimeout(idle);
        signal.removeEventListener('abort', stop);
      });
  });

const cut = (reason: string, cause?: unknown): LiveError =>
  new LiveError('UPLOAD_INCOMPLETE', reason, { cause, retryAfterMs: 500 });
