import { connect } from 'node:net';

import { fillIn, type Attack, type Names } from './attack.js';
import { told, type Complaint } from './finding.js';

const SILENCE_MS = 5_000;
/** A stream of pushes never ends by itself, nor does a connection that nobody asked to close: what comes at once is enough. */
const STREAM_MS = 50;

/** Whole by the rules of HTTP/1.1, so that it must be answered. */
const isWhole = (text: string): boolean => {
  const end = text.indexOf('\r\n\r\n');
  const [line, ...headers] = text.slice(0, end).split('\r\n');
  if (end < 0 || !/^(?:GET|POST|DELETE) \/[!-~]* HTTP\/1\.1$/.test(line ?? '')) return false;
  if (headers.some((header) => !/^[A-Za-z-]+: [ -~]*$/.test(header))) return false;
  if (/transfer-encoding|expect/i.test(text.slice(0, end))) return false;
  const lengths = headers.filter((header) => /^content-length:/i.test(header));
  const length = Number(/\d+$/.exec(lengths[0] ?? ': 0')?.[0] ?? NaN);
  return lengths.length <= 1 && length === Buffer.byteLength(text.slice(end + 4));
};

const say = (port: number, text: string): Promise<string> =>
  new Promise((resolve) => {
    const wire = connect(port, '127.0.0.1');
    let heard = '';
    const end = (): void => {
      clearTimeout(silence);
      wire.destroy();
      resolve(heard);
    };
    const silence = setTimeout(end, SILENCE_MS);
    wire.on('data', (chunk) => {
      heard += chunk.toString('latin1');
      if (heard.includes('\r\n\r\n')) setTimeout(end, STREAM_MS);
    });
    wire.on('error', end);
    wire.on('close', end);
    wire.write(text);
    // What is cut off is never finished: waiting for its answer would only cost time.
    if (!isWhole(text)) setTimeout(end, STREAM_MS);
  });

export interface HttpOutcome {
  readonly complaints: readonly Complaint[];
  readonly reached: readonly string[];
}

/** Requests written by hand, each over a connection of its own. */
export const request = async (port: number, { steps }: Attack, names: Names): Promise<HttpOutcome> => {
  const complaints: Complaint[] = [];
  const reached: string[] = [];
  for (const step of steps) {
    const filled = fillIn(typeof step === 'string' ? step : Buffer.from(step.hex, 'hex').toString('latin1'), names);
    const end = filled.indexOf('\r\n\r\n') + 4;
    const text = filled.replace('Content-Length: #', `Content-Length: ${Buffer.byteLength(filled.slice(end))}`);
    const answer = await say(port, text);
    const status = Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);
    reached.push(`${status} ${/"code":"(\w+)"/.exec(answer)?.[1] ?? ''}`.trim());
    if (status >= 500 && status !== 503) complaints.push({ kind: 'server-error', what: answer.slice(0, 300) });
    if (status === 0 && isWhole(text)) complaints.push({ kind: 'no-answer', what: text.slice(0, 200) });
    const inside = told(answer);
    if (inside !== undefined) complaints.push({ kind: 'tells', what: inside });
  }
  return { complaints, reached };
};
