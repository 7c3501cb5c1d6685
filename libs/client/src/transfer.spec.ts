import { getEventListeners } from 'node:events';

import { transfer } from './transfer.js';

/** Takes whatever is sent. */
class TakingRequest {
  readonly upload: { onprogress?: unknown } = {};
  readonly status = 200;
  readonly response = null;
  onloadend = (): void => undefined;
  open = (): void => undefined;
  setRequestHeader = (): void => undefined;
  abort = (): void => undefined;
  send = (): void => queueMicrotask(() => this.onloadend());
}

describe('the transfer of a file', () => {
  const scope = globalThis as { XMLHttpRequest?: unknown };
  afterEach(() => delete scope.XMLHttpRequest);

  it('leaves nothing at its signal of the parts that have gone', async () => {
    scope.XMLHttpRequest = TakingRequest;
    const { signal } = new AbortController();
    const file = new Blob(['x'.repeat(1_000_000)]) as File;
    expect(await transfer(file, { url: '/', token: 't', signal, moved: () => undefined })).toBeUndefined();
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
