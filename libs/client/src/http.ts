import { readBrief } from './brief.js';
import { tooLarge } from './too-large.js';
import type { Reply } from './wire.js';

const TIMEOUT_MS = 20_000;

/** Nothing when the network failed or the answer could not be read. */
export const ask = <Answer>(
  url: string,
  init: RequestInit,
  read: (response: Response) => Promise<Answer> | undefined,
): Promise<Answer | undefined> =>
  fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), ...init })
    .then(read)
    .catch(() => undefined);

/** Nothing when no server of ours answered: the network failed, or something in between spoke. */
export const post = async (url: string, body: object): Promise<Reply | undefined> => {
  // No Accept: whoever asks for nothing in particular gets JSON.
  const headers = { 'Content-Type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  // A proxy in between has limits of its own, and no words for them.
  const said = await ask(
    url,
    init,
    (response) => response.json().catch(() => response.status === 413 && tooLarge()) as Promise<unknown>,
  );
  // A list has the patch in one of its own here.
  const reply = readBrief([said].flat(2));
  return typeof reply?.ok === 'boolean' ? reply : undefined;
};
