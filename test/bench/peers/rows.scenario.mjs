import { inBatches } from './batches.mjs';
import { Party } from './party.mjs';

const OPERATIONS = {
  cell: { says: 'one cell' },
  append: { says: 'a row at the end', between: 'reset' },
  removeFirst: { says: 'the first row goes', between: 'reset' },
  prepend: { says: 'a row at the head', between: 'reset' },
  reverse: { says: 'turned round' },
};

/** One viewer of a table: what one operation costs, by the number of its rows. */
export const rowsScenario = {
  name: 'rows',
  async run(peers, records, { rounds, ms, warmUpMs, sizes }) {
    for (const size of sizes) {
      await Party.hold(peers, [], async (party) => {
        await party.each((peer) => party.open(peer, { kind: 'table', size }));
        for (const [operation, { says, between }] of Object.entries(OPERATIONS)) {
          const batch = { operation, between, times: size > 1000 ? 5 : Math.max(5, size / 20) };
          const measure = (budget) => (peer) => inBatches(party, peer, { ...batch, ms: budget });
          await party.each(measure(warmUpMs));
          const results = await party.interleave(rounds, measure(ms));
          records.addAll(`${size.toLocaleString('en')} rows, ${says}`, results, ['down', 'up', 'cpu']);
        }
      });
    }
  },
};
