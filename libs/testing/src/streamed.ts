import type { Reply } from 'nest-live';
import { Cancellation } from 'nest-live/extend';

import { FrameQueue } from './frame-queue.js';
import type { Watching } from './line.js';

/** What a page shows of an event while it runs. */
export interface ShownFrame {
  readonly html: string;
  /** False: a preview. True: the last one, with the HTML after the answer. */
  readonly done: boolean;
}

/** The frames of one event; whoever stops reading cancels it. */
export async function* streamed(
  send: (watching: Watching) => Promise<Reply>,
  html: () => string,
): AsyncGenerator<ShownFrame, Reply> {
  const frames = new FrameQueue<ShownFrame>();
  const cancellation = new Cancellation();
  const preview: Watching['preview'] = (frame) => frames.push({ html: frame.html, done: false });
  const answer = send({ preview, cancellation }).finally(() => frames.close());
  try {
    yield* frames;
    await answer;
    yield { html: html(), done: true };
  } finally {
    cancellation.cancel();
    await answer;
  }
  return answer;
}
