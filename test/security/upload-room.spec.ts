import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LiveComponent, Upload } from 'nest-live';

import { PLATFORMS, RunningApp } from '../e2e/running-app.js';
import { UploadVisitor } from '../e2e/upload.visitor.js';
import { HeaderCaller } from '../pipeline/probe.component.js';

@LiveComponent('drop-box', { template: '<ul>{{#each files}}<li>{{name}}</li>{{/each}}</ul>' })
class DropBox {
  @Upload({ types: ['text/plain'], maxBytes: 200_000, count: 5 })
  files: Upload[] = [];
}

const FILE = { name: 'a.txt', bytes: 'x'.repeat(150_000), type: 'text/plain' };
const MAX_BYTES = 4_000_000;

describe.each(PLATFORMS)('room for files on %s', (platform) => {
  let directory: string;
  let running: RunningApp;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'nest-live-uploads-'));
    running = await RunningApp.start({
      platform,
      providers: [DropBox, HeaderCaller],
      options: {
        callerResolver: HeaderCaller,
        logRepeatMs: 0,
        limits: { eventsPerSecondPerCaller: 0 },
        uploads: { directory, maxBytes: MAX_BYTES },
      },
    });
  });

  afterEach(async () => {
    await running.close();
    await rm(directory, { recursive: true });
  });

  const stranger = (): Promise<UploadVisitor> => UploadVisitor.open(running.url, 'drop-box');
  const ada = (): Promise<UploadVisitor> => UploadVisitor.open(running.url, 'drop-box', { 'x-user': 'ada' });

  /** @returns the code of the answer */
  const announce = async (who: UploadVisitor, name = FILE.name): Promise<string> => {
    const files = Array.from({ length: 5 }, () => ({ name, size: 200_000, type: FILE.type }));
    const reply = await who.event('$upload', { field: 'files', files });
    if (!reply.ok) return reply.error.code;
    return reply.effects.upload?.refused?.[0]?.code ?? 'OK';
  };

  it('is not taken by what strangers announce and never bring', async () => {
    const early = await stranger();
    const ticket = await early.ticket('files', FILE);
    const codes = new Set<string>();
    for (let n = 0; n < 20; n += 1) codes.add(await announce(await stranger()));
    expect(codes).toEqual(new Set(['OK', 'OVERLOADED']));
    expect(await (await ada()).upload('files', FILE)).toMatchObject({ ok: true });
    expect((await early.send(ticket, FILE.bytes)).status).toBe(200);
    expect(await early.event('$uploaded', { field: 'files', ids: [ticket.id] })).toMatchObject({ ok: true });
  });

  it('is left for users when strangers bring as much as they can: their newest are refused, in the middle if need be', async () => {
    const codes = new Set<unknown>();
    const bring = async (who: UploadVisitor): Promise<void> => {
      const { tickets } = await who.announce('files', [FILE]);
      const { status, body } = await who.send(tickets[0], FILE.bytes);
      codes.add(status === 200 ? 200 : body.error?.code);
    };
    const early = await stranger();
    expect(await early.upload('files', FILE)).toMatchObject({ ok: true });
    const visitors = await Promise.all(Array.from({ length: 14 }, stranger));
    // Announced together: there is room for what each has announced, and not for all that comes.
    const tickets = await Promise.all(visitors.map((who) => who.ticket('files', FILE)));
    for (const [n, who] of visitors.entries()) {
      const { status, body } = await who.send(tickets[n], FILE.bytes);
      codes.add(status === 200 ? 200 : body.error?.code);
    }
    for (let n = 0; n < 4; n += 1) await bring(await stranger()).catch(() => codes.add('announced'));
    expect([...codes].filter((code) => code !== 'announced')).toEqual([200, 'OVERLOADED']);
    expect(await early.event('$discard', { field: 'files', id: 'unknown' })).toMatchObject({ ok: true });
    for (let n = 0; n < 3; n += 1) expect(await (await ada()).upload('files', FILE)).toMatchObject({ ok: true });
  });

  it('is given back by what is thrown away', async () => {
    const visitors: UploadVisitor[] = [];
    for (let n = 0; n < 10; n += 1) {
      const who = await stranger();
      if ((await announce(who, `${randomBytes(4).toString('hex')}.txt`)) === 'OK') visitors.push(who);
    }
    expect(await announce(await stranger())).toBe('OVERLOADED');
    await Promise.all(visitors.map((who) => who.leave()));
    expect(await readdir(directory)).toEqual([]);
    expect(await announce(await stranger())).toBe('OK');
  });
});
