import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { PreviewFrame } from 'nest-live';

import type { SocketVisitor } from './socket.visitor.js';
import { Dictation, Story, Watcher } from './story.component.js';
import { until } from './story.readers.js';
import { TwoNodes, type Cluster } from './two-nodes.js';

const previewsOf = ({ updates }: SocketVisitor): readonly PreviewFrame[] =>
  (updates as unknown as PreviewFrame[]).filter(({ done }) => done === false);

/** Streams that meet other people. A backend is a row. */
export const describeStreamingNodes = (name: string, makeCluster: () => Cluster | Promise<Cluster>): void => {
  describe(`streamed events of two nodes over ${name}`, () => {
    let nodes: TwoNodes;
    let dictation: Dictation;

    beforeAll(async () => {
      nodes = await TwoNodes.start(await makeCluster(), { providers: [Dictation, Story, Watcher] });
      dictation = nodes.one.running.app.get(Dictation);
    });

    afterEach(() => dictation.forget());

    afterAll(() => nodes.close());

    it('show previews to nobody but whoever asked, and the end to all', async () => {
      const { here, there, id } = await nodes.watch('story');
      const answer = here.event(id, 'write', { seq: 1, payload: { words: 2 } });
      expect(await answer).toMatchObject({ ok: true, done: true, version: 1 });
      expect(previewsOf(here)).toHaveLength(2);
      expect((await there.pushed()).html).toContain('<output>1 2 </output>');
      expect(previewsOf(there)).toEqual([]);
    });

    it('are ended by a change from elsewhere, not run again, and show what is saved', async () => {
      const { here, there, id } = await nodes.watch('story');
      const answer = here.event(id, 'dictate', { seq: 1 });
      dictation.say('mine');
      await until(() => previewsOf(here).length === 1);
      expect(await there.event(id, 'add', { seq: 1, payload: { word: 'theirs' } })).toMatchObject({ version: 1 });
      dictation.say(null);
      const reply = await answer;
      expect(reply).toMatchObject({
        ok: false,
        done: true,
        error: { code: 'CONTENTION', consumed: true, retryable: false },
      });
      expect(reply.html).toContain('<output>theirs</output>');
      expect(dictation.record).toEqual(['begun', 'closed']);
      // The number is used up: it gets the same answer, and the next one is free.
      expect(await here.event(id, 'dictate', { seq: 1 })).toMatchObject({ ok: false, error: { code: 'CONTENTION' } });
      expect(await here.event(id, 'add', { seq: 2, payload: { word: '!' } })).toMatchObject({ ok: true, version: 2 });
      expect(dictation.record).toEqual(['begun', 'closed']);
    });
  });
};
