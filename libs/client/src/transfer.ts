import { backoff } from './backoff.js';
import { ask } from './http.js';
import type { WireError } from './wire.js';

/** A line that carries nothing for so long is taken for dead. */
const STALL_MS = 30_000;
/**
 * A browser counts as sent what its buffers have taken, which may be the whole file. Of parts that take about a second each,
 * it is never far ahead of the server.
 */
const FIRST_PART_BYTES = 262_144;
const PART_MS = 1_000;
/** Without a byte more between them; waiting for the network does not count. */
const MAX_ATTEMPTS = 12;

export const EXPIRED = 'UPLOAD_TOKEN_INVALID';

export interface TransferOptions {
  readonly url: string;
  readonly token: string;
  /** Aborted: nobody wants the file any more. */
  readonly signal: AbortSignal;
  /** How many bytes have gone. */
  readonly moved: (bytes: number) => void;
}

/** Bytes of a file. */
interface Span {
  readonly from: number;
  readonly to: number;
}

interface Answer {
  /** 0: the line broke. */
  readonly status: number;
  readonly error?: WireError;
}

const incomplete = (message: string): WireError => ({ code: 'UPLOAD_INCOMPLETE', message });

/* XMLHttpRequest: `fetch` says nothing of what it has sent, and streams only over HTTP/2. */
const send = (file: File, { from, to }: Span, options: TransferOptions): Promise<Answer> =>
  new Promise((resolve) => {
    const { url, token, signal, moved } = options;
    const request = new XMLHttpRequest();
    let stalled: ReturnType<typeof setTimeout> | undefined;
    const stop = () => request.abort();
    const alive = () => {
      clearTimeout(stalled);
      stalled = setTimeout(stop, STALL_MS);
    };
    request.open('POST', url);
    request.setRequestHeader('live-upload', token);
    request.setRequestHeader('upload-offset', String(from));
    request.setRequestHeader('upload-complete', to < file.size ? '?0' : '?1');
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded }) => {
      alive();
      moved(from + loaded);
    };
    request.onloadend = () => {
      clearTimeout(stalled);
      signal.removeEventListener('abort', stop);
      const said = request.response as { readonly error?: WireError } | null;
      resolve({ status: request.status, error: said?.error });
    };
    signal.addEventListener('abort', stop);
    alive();
    request.send(file.slice(from, to, 'application/octet-stream'));
  });

/** Brings a whole file to the server, however often the line breaks. @returns why not, if it cannot be done */
export const transfer = async (file: File, options: TransferOptions): Promise<WireError | undefined> => {
  const { url, token, signal, moved } = options;
  let [offset, attempt, bytes] = [0, 0, FIRST_PART_BYTES];
  for (;;) {
    const to = Math.min(offset + bytes, file.size);
    const began = performance.now();
    const { status, error } = await send(file, { from: offset, to }, options);
    if (signal.aborted) return;
    if (/^2/.test(String(status))) {
      if (to === file.size) return;
      offset = to;
      attempt = 0;
      bytes *= performance.now() - began < PART_MS ? 2 : 1;
      continue;
    }
    bytes = FIRST_PART_BYTES;
    // A refusal of the file itself stays one; the rest is the line, or a server that has too much to do.
    if (!/^(0|5..|4(00|08|09|29))$/.test(String(status)) || (status && status < 500 && error && !error.retryable)) {
      return error ?? incomplete(`Refused (${status}).`);
    }
    try {
      await file.slice(offset, offset + 1).arrayBuffer();
    } catch {
      return incomplete('It can no longer be read.');
    }
    for (let known: number | undefined; known === undefined;) {
      if (attempt++ > MAX_ATTEMPTS) return error ?? incomplete('It could not be sent.');
      const ms = backoff(attempt);
      do await new Promise((resolve) => setTimeout(resolve, ms));
      while (!navigator.onLine);
      if (signal.aborted) return;
      const init = { method: 'HEAD', headers: { 'live-upload': token }, cache: 'no-store' } as const;
      const answer = await ask(url, init, (response) => Promise.resolve(response));
      if (/^40[34]$/.test(String(answer?.status))) return { code: EXPIRED, message: 'Its time was over.' };
      if (answer?.ok) {
        known = Number(answer.headers.get('upload-offset'));
        if (known > offset) attempt = 0;
        moved((offset = known));
      }
    }
  }
};
