import { Party } from './party.mjs';

const PAGE = { kind: 'counters', size: 1 };
const operation = 'click';

/** Many viewers click: as fast as they are answered, and then at a rate that all can keep. */
export const counterScenario = {
  name: 'counter',
  async run(peers, records, { rounds, ms, warmUpMs, viewers, perSecond }) {
    await Party.hold(peers, [], async (party) => {
      await party.each(async (peer) => {
        await party.open(peer, PAGE, viewers);
        await party.ask({ do: 'run', group: peer, operation, ms: warmUpMs });
      });
      const fast = await party.interleave(rounds, (peer) => party.withCpu(peer, { do: 'run', operation, ms }));
      records.addAll(`counter, a click of ${viewers} viewers`, fast, ['down', 'up', 'cpu']);
      const steady = await party.interleave(rounds, (peer) =>
        party.withCpu(peer, { do: 'paced', operation, perSecond, ms }),
      );
      records.addAll(`counter, ${perSecond} clicks per second`, steady, ['p50', 'p99', 'cpu']);
    });
  },
};
