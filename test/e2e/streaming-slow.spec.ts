import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { PreviewFrame } from 'nest-live';
import { resolveLimits } from 'nest-live/extend';

import { RunningApp } from './running-app.js';
import { SocketVisitor } from './socket.visitor.js';
import { Dictation, Story, Watcher } from './story.component.js';
import { until } from './story.readers.js';

describe('previews for a client that does not keep up', () => {
  const { maxUnackedRenders } = resolveLimits();
  let running: RunningApp;
  let dictation: Dictation;
  let visitor: SocketVisitor;
  let confirm: (() => void)[];

  const open = async (): Promise<string> => {
    visitor = await SocketVisitor.connect(running.url, { auth: { acks: true } });
    confirm = [];
    visitor.socket.on('component_update', (_frame: PreviewFrame, ack: () => void) => confirm.push(ack));
    return (await visitor.open('story')).component_id;
  };
  const texts = (): string[] => visitor.updates.map(({ html }) => /<output>(.*?)<\/output>/.exec(html)?.[1] ?? '');

  beforeAll(async () => {
    running = await RunningApp.start({ providers: [Dictation, Story, Watcher] });
    dictation = running.app.get(Dictation);
  });

  afterEach(() => {
    visitor.close();
    dictation.forget();
  });

  afterAll(() => running.close());

  it('are left out, and the answer comes all the same', async () => {
    const id = await open();
    const reply = await visitor.event(id, 'write', { seq: 1, payload: { words: 100 } });
    expect(visitor.updates).toHaveLength(maxUnackedRenders);
    expect(reply.html).toContain(' 99 100 <');
    // Nothing older than the answer comes behind it.
    confirm.forEach((ack) => ack());
    await visitor.ok('cancel', { component_id: id, seq: 1 });
    expect(visitor.updates).toHaveLength(maxUnackedRenders);
  });

  it('wait as one, the newest, until there is room', async () => {
    const id = await open();
    dictation.forget();
    const answer = visitor.event(id, 'dictate', { seq: 1 });
    const words = Array.from({ length: maxUnackedRenders + 4 }, (_, place) => String.fromCharCode(97 + place));
    dictation.say(...words);
    await until(() => visitor.updates.length === maxUnackedRenders && dictation.renders === words.length);
    confirm.forEach((ack) => ack());
    await until(() => visitor.updates.length > maxUnackedRenders);
    expect(texts().at(-1)).toBe(words.join(''));
    expect(visitor.updates).toHaveLength(maxUnackedRenders + 1);
    dictation.say(null);
    expect(await answer).toMatchObject({ ok: true });
  });

  it('make their generator wait for nobody', async () => {
    const id = await open();
    const other = await SocketVisitor.connect(running.url);
    const { component_id } = await other.open('story');
    const [slow, quick] = await Promise.all([
      visitor.event(id, 'write', { seq: 1, payload: { words: 300 } }),
      other.event(component_id, 'write', { seq: 1, payload: { words: 3 } }),
    ]);
    expect([slow.ok, quick.ok]).toEqual([true, true]);
    other.close();
  });
});
