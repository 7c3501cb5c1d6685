import { PassThrough } from 'node:stream';

import { describe, expect, it } from '@jest/globals';

import { metered } from './upload.meter.js';

const meter = (room = 1_000_000, idleMs = 60_000, signal = new AbortController().signal) => ({ room, idleMs, signal });

const gathered = async <Some>(bytes: AsyncIterable<Some>): Promise<readonly Some[]> => {
  const all: Some[] = [];
  for await (const some of bytes) all.push(some);
  return all;
};

const iterated = (body: PassThrough) => metered(body, meter())[Symbol.asyncIterator]();

describe('the bytes of a body', () => {
  it('are handed on together where they have come together, all of them and in their order', async () => {
    const body = new PassThrough({ highWaterMark: 1_000_000 });
    const sent = Array.from({ length: 300 }, (_, index) => Buffer.alloc(1_000, index));
    sent.forEach((chunk) => body.write(chunk));
    body.end();
    const batches = await gathered(metered(body, meter()).batches());
    expect(Buffer.concat(batches.flat())).toEqual(Buffer.concat(sent));
    expect(batches.length).toBeLessThan(30);
  });

  it('are handed on as they are, without a copy', async () => {
    const body = new PassThrough();
    const sent = [Buffer.alloc(70_000, 1), Buffer.alloc(70_000, 2)];
    sent.forEach((chunk) => body.write(chunk));
    body.end();
    const [batch] = await gathered(metered(body, meter()).batches());
    expect(batch.map(({ buffer }) => buffer)).toEqual(sent.map(({ buffer }) => buffer));
    expect(batch.every(({ buffer }, index) => buffer === sent[index].buffer)).toBe(true);
  });

  it.each([
    ['by how many they are', 100_000, 80],
    ['by how many chunks they come in', 1, 5_000],
  ])('wait in a bounded number while nobody asks for them: %s', async (_by, size, count) => {
    const body = new PassThrough({ highWaterMark: 16_000_000 });
    for (let index = 0; index < count; index += 1) body.write(Buffer.alloc(size));
    body.end();
    const batches = metered(body, meter(16_000_000)).batches();
    const taken: (readonly Uint8Array[])[] = [];
    for await (const batch of batches) {
      // A disk that takes its time.
      await new Promise((resolve) => setTimeout(resolve, 1));
      taken.push(batch);
    }
    expect(taken.flat().reduce((sum, { length }) => sum + length, 0)).toBe(size * count);
    expect(Math.max(...taken.map((batch) => batch.length))).toBeLessThanOrEqual(1_024);
    expect(Math.max(...taken.map((batch) => Buffer.concat(batch).length))).toBeLessThan(256 * 1_024 + size);
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
    const batches = iterated(body);
    body.write('abc');
    expect(String((await batches.next()).value)).toBe('abc');
    body.destroy();
    await expect(batches.next()).rejects.toMatchObject({ code: 'UPLOAD_INCOMPLETE' });
    const gone = new PassThrough();
    gone.destroy();
    await expect(iterated(gone).next()).rejects.toMatchObject({ code: 'UPLOAD_INCOMPLETE' });
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
