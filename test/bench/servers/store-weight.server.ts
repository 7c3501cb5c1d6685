import { randomBytes } from 'node:crypto';

import { answerHarness } from './measured.js';
import { link, openStore } from './store.link.js';

const store = await openStore();
const AT_ONCE = 200;

const adopt = async (snapshot: string): Promise<void> => {
  const [id, page, birth] = [16, 16, 8].map((bytes) => randomBytes(bytes).toString('base64url'));
  const token = { exp: Date.now() + 60_000, tokenGeneration: store.generation, shape: 1 };
  const { kind } = await store.adopt({ id, page, birth, snapshot, ...token });
  if (kind !== 'OK') throw new Error(`adopt: ${kind}`);
};

answerHarness({
  /** Instances as a page adopts them: with its client session and its tombstone. */
  fill: async (question) => {
    const { instances, chars } = question as unknown as Record<string, number>;
    for (let made = 0; made < instances; made += AT_ONCE) {
      const texts = Array.from({ length: Math.min(AT_ONCE, instances - made) }, () =>
        randomBytes(chars).toString('base64url').slice(0, chars),
      );
      await Promise.all(texts.map(adopt));
    }
    return {};
  },
  'redis-bytes': async () => {
    const said = await link?.commands.info('memory');
    return { bytes: Number(/^used_memory:(\d+)/m.exec(said ?? '')?.[1]) };
  },
});
process.send?.({ port: 0 });
