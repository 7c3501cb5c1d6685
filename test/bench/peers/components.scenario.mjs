import { inBatches } from './batches.mjs';
import { Party } from './party.mjs';

/** One viewer of a page with some counters clicks one of them. */
export const componentsScenario = {
  name: 'components',
  async run(peers, records, { rounds, ms, warmUpMs, counts }) {
    await Party.hold(peers, [], async (party) => {
      for (const size of counts) {
        await party.each((peer) => party.open(peer, { kind: 'counters', size }));
        const measure = (budget) => (peer) => inBatches(party, peer, { operation: 'click', times: 50, ms: budget });
        await party.each(measure(warmUpMs));
        const results = await party.interleave(rounds, measure(ms));
        records.addAll(`${size === 1 ? '1 counter' : `${size} counters`} on a page, a click`, results, [
          'down',
          'up',
          'cpu',
        ]);
        await party.each((peer) => party.ask({ do: 'close', group: peer }));
      }
    });
  },
};
