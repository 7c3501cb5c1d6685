import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { briefEvent, readBrief } from '../../libs/client/src/brief.js';
import type { PendingEvent } from '../../libs/client/src/pending-event.js';
import type { Reply, RequestEnvelope } from '../../src/protocol/envelope.js';
import { resolveLimits } from '../../src/protocol/limits.js';
import { parseCompactRequest } from '../../src/protocol/parse-request.js';
import { briefly } from '../../src/transport/brief.reply.js';

interface EventCase {
  readonly title: string;
  /** What stands for the instance. */
  readonly by: readonly unknown[];
  readonly event: PendingEvent;
  readonly body: string;
  readonly envelope: RequestEnvelope;
  readonly reply: Reply;
  readonly answer: string;
  readonly read: object;
}

const FILE = join(import.meta.dirname, 'cases/http-events.json');
const CASES = JSON.parse(readFileSync(FILE, 'utf8')) as readonly EventCase[];

describe('golden cases of an event over HTTP', () => {
  it.each(CASES)('are what our client sends: $title', ({ by, event, body }) => {
    expect(JSON.stringify(briefEvent(by, event))).toBe(body);
  });

  it.each(CASES)('are what the server reads: $title', ({ body, envelope }) => {
    expect(parseCompactRequest(JSON.parse(body) as unknown[], resolveLimits(), 'counter')).toEqual(envelope);
  });

  it.each(CASES)('are what the server answers: $title', ({ reply, answer }) => {
    expect(JSON.stringify(briefly(reply))).toBe(answer);
  });

  it.each(CASES)('are what our client reads: $title', ({ answer, read }) => {
    expect(readBrief([JSON.parse(answer) as unknown].flat(2))).toEqual(read);
  });
});
