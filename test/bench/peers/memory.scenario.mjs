import { Party } from './party.mjs';

const PAGES = [
  { says: 'a counter', kind: 'counters', size: 1, operation: 'click' },
  { says: 'a table of 1,000 rows', kind: 'table', size: 1000, operation: 'cell' },
];

/** Open pages that have shown one change: what stays resident for each, after the collector. */
export const memoryScenario = {
  name: 'memory',
  async run(peers, records, { rounds, views }) {
    for (const { says, operation, ...page } of PAGES) {
      const results = new Map(peers.map(({ name }) => [name, []]));
      for (let round = 0; round < rounds; round += 1) {
        // A fresh process each time: what one has once been given it does not give back.
        for (const peer of peers) results.get(peer.name).push(await perView(peer, page, { operation, views }));
      }
      records.addAll(`${says}, open and used once`, results, ['rss', 'heap']);
    }
  },
};

const perView = (peer, page, { operation, views }) =>
  Party.hold([peer], ['--expose-gc'], async (party) => {
    const { name } = peer;
    const server = party.serverOf(name);
    const fill = async (group, visitors) => {
      await party.open(name, page, visitors, group);
      await party.ask({ do: 'run', group, operation, ms: 0 });
      return server.ask({ do: 'resident' });
    };
    // The first ones bring in code and caches that no further one needs.
    const before = await fill('first', Math.ceil(views / 10));
    const after = await fill('counted', views);
    const kib = (what) => (after[what] - before[what]) / 1024 / views;
    return { rss: kib('bytes'), heap: kib('heapBytes') };
  });
