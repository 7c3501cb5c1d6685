import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { PLATFORMS } from '../e2e/running-app.js';
import { SocketVisitor } from '../e2e/socket.visitor.js';
import { ENTRIES, type OpenEntry } from './entries.js';
import { Siege } from './siege.js';
import { Target } from './target.component.js';

const nested = (depth: number): string => '{"a":'.repeat(depth - 1) + '{}' + '}'.repeat(depth - 1);
const keys = (count: number): string =>
  JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i])));
const list = (count: number): string => JSON.stringify(Array.from({ length: count }, () => 0));

const SHAPES: readonly (readonly [what: string, allowed: string, refused: string, code: string])[] = [
  ['depth', nested(16), nested(17), 'BAD_FRAME'],
  ['keys of one object', keys(256), keys(257), 'BAD_FRAME'],
  ['items of one list', list(1_000), list(1_001), 'BAD_FRAME'],
  ['values', `[${list(999)},${list(998)}]`, `[${list(999)},${list(999)},1]`, 'BAD_FRAME'],
  ['length of a string', `"${'x'.repeat(16_384)}"`, `"${'x'.repeat(16_385)}"`, 'BAD_FRAME'],
  [
    'length of everything',
    `["${'x'.repeat(16_384)}","${'x'.repeat(16_384)}"]`,
    `["${'x'.repeat(16_384)}","${'x'.repeat(16_384)}","x"]`,
    'TOO_LARGE',
  ],
];

describe.each(ENTRIES)('the shape of data over $name', ({ open }) => {
  let siege: Siege;
  let entry: OpenEntry;

  beforeAll(async () => {
    siege = await Siege.start();
  });

  beforeEach(async () => {
    entry = await open(siege);
  });

  afterEach(() => entry.close());

  afterAll(() => siege.end());

  it.each(SHAPES)('is bounded in %s', async (_what, allowed, refused, code) => {
    await siege.refuses(() => entry.send(`"event":"anything","payload":${refused}`), code);
    expect((await entry.send(`"event":"anything","payload":${allowed}`)).reply).toMatchObject({ ok: true });
    expect(await entry.count()).toBe('1');
  });

  it('of three thousand keys or of great depth is refused before a class is made of it', async () => {
    for (const payload of [keys(3_000), nested(1_000), '['.repeat(1_000) + ']'.repeat(1_000)]) {
      await siege.refuses(() => entry.send(`"event":"order","payload":${payload}`), 'BAD_FRAME');
    }
  });
});

describe.each(PLATFORMS)('a body on %s', (platform) => {
  let siege: Siege;

  beforeAll(async () => {
    siege = await Siege.start({ platform });
  });

  afterAll(() => siege.end());

  const chunked = (text: string): RequestInit => {
    const body = new ReadableStream({
      start(controller) {
        for (let at = 0; at < text.length; at += 10_000) {
          controller.enqueue(new TextEncoder().encode(text.slice(at, at + 10_000)));
        }
        controller.close();
      },
    });
    return { body, duplex: 'half', headers: { 'content-type': 'application/json' } };
  };

  it('larger than a frame is refused, declared or chunked', async () => {
    const visitor = new HttpVisitor(siege.url);
    const { state } = await visitor.mount('target');
    for (const size of [64 * 1024, 90_000, 1_000_000]) {
      const body = JSON.stringify({ state, event: 'increment', ignored: 'x'.repeat(size), page: visitor.page });
      const outcome = await siege.refuses(() => visitor.post('target', body), 'TOO_LARGE');
      expect(outcome.status).toBe(413);
      await siege.refuses(() => visitor.send('POST', '/components/target', chunked(body)), 'TOO_LARGE');
    }
    expect(await visitor.ok('target', { state, event: 'increment', seq: 1 })).toMatchObject({ version: 1 });
  });

  it('of great depth is refused', async () => {
    const visitor = new HttpVisitor(siege.url);
    await siege.refuses(
      () => visitor.post('target', `{"payload":${'['.repeat(30_000)}${']'.repeat(30_000)}}`),
      'BAD_FRAME',
    );
  });

  it('that is no JSON, no object or of an unknown kind is refused, and quoted nowhere', async () => {
    const visitor = new HttpVisitor(siege.url);
    for (const body of ['hunter2-of-somebody', '{"event": hunter2-of-somebody}', '[1,2]', '"x"', '{"a":1}}', '\0']) {
      await siege.refuses(() => visitor.post('target', body), 'BAD_FRAME');
    }
    await siege.refuses(
      () =>
        visitor.send('POST', '/components/target', { body: '<x/>', headers: { 'content-type': 'application/xml' } }),
      'BAD_FRAME',
    );
  });
});

describe('a frame over the limit of the transport', () => {
  it('closes its connection and touches nobody else', async () => {
    const siege = await Siege.start();
    const socket = await SocketVisitor.connect(siege.url);
    const { component_id } = await socket.open('target');
    siege.calm();
    const closed = socket.closed();
    socket.socket.emit('component_event', { component_id, event: 'anything', payload: 'x'.repeat(70_000) });
    expect(await closed).toMatch(/transport/);
    expect(Target.calls).toEqual([]);
    await siege.stands();
    await siege.end();
  });

  it('and bytes beside the JSON are nothing a handler gets', async () => {
    const siege = await Siege.start();
    const socket = await SocketVisitor.connect(siege.url);
    const { component_id } = await socket.open('target');
    for (const payload of [Buffer.from('abc'), { deep: [Buffer.from('abc')] }]) {
      await siege.refuses(async () => {
        const reply = await socket.event(component_id, 'anything', { payload });
        return { reply, text: JSON.stringify(reply) };
      }, 'BAD_FRAME');
    }
    socket.close();
    await siege.end();
  });
});
