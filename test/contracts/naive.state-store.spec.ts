import { describe, expect, it } from '@jest/globals';
import { benchOf, describeStateStore } from '../../src/state/state-store.contract.js';
import { STORIES, type Safeguard } from '../../src/state/state-store.stories.js';
import { NaiveStateStore } from './naive.state-store.js';

const backupsOf = (store: unknown) => store as NaiveStateStore;

describeStateStore('plain model', (options) => new NaiveStateStore(options), backupsOf);

describe('a store without a safeguard', () => {
  it.each(Object.keys(STORIES) as Safeguard[])('fails the story of %s', async (safeguard) => {
    // A floor would stand in for the short-lived tombstone: the story is about the tombstone alone.
    const without = new Set<Safeguard>(safeguard === 'tombstoneLife' ? [safeguard, 'floor'] : [safeguard]);
    const { options, run } = STORIES[safeguard];
    const bench = await benchOf((given) => new NaiveStateStore(given, without), options, backupsOf);
    await expect(run(bench)).rejects.toMatchObject({ code: 'ERR_ASSERTION' });
  });
});
