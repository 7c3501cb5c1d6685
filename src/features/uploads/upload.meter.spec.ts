import { PassThrough } from 'node:stream';

import { describe, expect, it } from '@jest/globals';

import { metered } from './upload.meter.js';

const meter = (room = 1_000_000, idleMs = 60_000, signal = new AbortController().signal) => ({ room, idleMs, signal });

const gathered = async (batches: AsyncIterable<Uint8Array>): Promise<readonly Uint8Array[]> => {
  const all: Uint8Array[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
};

describe('the bytes of a body', () => {
  it('are handed on together where they have come together, all of them and in their order', async () => {
    const body = new PassThrough({ highWaterMark: 1_000_000 });
    const sent = Array.from({ length: 300 }, (_, index) => Buffer.alloc(1_000, index));
    sent.forEach((chunk) => body.write(chunk));
    body.end();
    const batches = await gathered(metered(body, meter()));
    expect(Buffer.concat(batches)).toEqual(Buffer.concat(sent));
    expect(batches.length).toBeLessThan(30);
  });

  it('are whole for one who takes them faster than they come', async () => {
    const body = new PassThrough();
    const batches = gathered(metered(body, meter()));
    for (let index = 0; index < 50; index += 1) {
      body.write(Buffer.alloc(10, index));
      if (index % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    body.end();
    expect(Buffer.concat(await batches)).toHaveLength(500);
  });

  it('that came before an end are handed on, and then it is told', async () => {
    const body = new PassThrough();
    const batches = metered(body, meter());
    body.write('abc');
    expect(String((await batches.next()).value)).toBe('abc');
    body.destroy();
    await expect(batches.next()).rejects.toMatchObject({ code: 'UPLOAD_INCOMPLETE' });
    const gone = new PassThrough();
    gone.destroy();
    await expect(metered(gone, meter()).next()).rejects.toMatchObject({ code: 'UPLOAD_INCOMPLETE' });
  });

  it('end for what is too much, for a pause that is too long, and for a reason of the signal', async () => {
    const body = new PassThrough();
    body.write('abcd');
    await expect(gathered(metered(body, meter(3)))).rejects.toMatchObject({ code: 'UPLOAD_TOO_LARGE' });
    await expect(gathered(metered(new PassThrough(), meter(3, 1)))).rejects.toMatchObject({
      code: 'UPLOAD_INCOMPLETE',
    });
    const reason = new Error('stopped');
    await expect(gathered(metered(new PassThrough(), meter(3, 60_000, AbortSignal.abort(reason))))).rejects.toBe(
      reason,
    );
  });
});
