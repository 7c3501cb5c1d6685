import { backoff } from './backoff.js';
import { ask } from './http.js';
import type { WireError } from './wire.js';

/** A line that carries nothing for so long is taken for dead. */
const STALL_MS = 30_000;
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

interface Answer {
  /** 0: the line broke. */
  readonly status: number;
  readonly error?: WireError;
}

const incomplete = (message: string): WireError => ({ code: 'UPLOAD_INCOMPLETE', message });

/* XMLHttpRequest: `fetch` says nothing of what it has sent, and streams only over HTTP/2. */
const send = (file: File, offset: number, { url, token, signal, moved }: TransferOptions): Promise<Answer> =>
  new Promise((resolve) => {
    const request = new XMLHttpRequest();
    let stalled: ReturnType<typeof setTimeout> | undefined;
    const stop = () => request.abort();
    const alive = () => {
      clearTimeout(stalled);
      stalled = setTimeout(stop, STALL_MS);
    };
    request.open('POST', url);
    request.setRequestHeader('live-upload', token);
    request.setRequestHeader('upload-offset', String(offset));
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded }) => {
      alive();
      moved(offset + loaded);
    };
    request.onloadend = () => {
      clearTimeout(stalled);
      const said = request.response as { readonly error?: WireError } | null;
      resolve({ status: request.status, error: said?.error });
    };
    signal.addEventListener('abort', stop);
    alive();
    request.send(file.slice(offset, file.size, 'application/octet-stream'));
  });

/** Brings a whole file to the server, however often the line breaks. @returns why not, if it cannot be done */
export const transfer = async (file: File, options: TransferOptions): Promise<WireError | undefined> => {
  const { url, token, signal, moved } = options;
  let [offset, attempt] = [0, 0];
  for (;;) {
    const { status, error } = await send(file, offset, options);
    if (signal.aborted || /^2/.test(String(status))) return;
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
      if (answer && answer.status < 500) {
        if (!answer.ok) return { code: EXPIRED, message: 'Its time was over.' };
        known = Number(answer.headers.get('upload-offset'));
        if (known > offset) attempt = 0;
        moved((offset = known));
      }
    }
  }
};
