import type { IncomingMessage } from 'node:http';
import { parse as readQuery } from 'node:querystring';

import { LiveError } from '../../errors/live-error.js';
import { isFormType } from '../../protocol/form-encoding.js';
import { largerThan } from '../../protocol/inspect-data.js';

/** Reads a body that no parser of the application has read; stops at `maxBytes` actually received. */
export const readBody = async (request: IncomingMessage, maxBytes: number): Promise<unknown> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      throw largerThan(maxBytes);
    }
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (text === '') {
    return undefined;
  }
  if (isFormType(request.headers['content-type'])) {
    return readQuery(text, undefined, undefined, { maxKeys: 0 });
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new LiveError('BAD_FRAME', 'the body is no JSON', { cause });
  }
};
