import { Party } from './party.mjs';

/** Each viewer has a state of its own, which changes; or all look at one. */
const PAGES = [
  { kind: 'counters', says: (viewers) => `a push to ${viewers} viewers, for each` },
  { kind: 'shared', says: (viewers) => `a push to ${viewers} viewers of one state, for each` },
];

/** The server tells everybody a number: until the last one shows it, and what each costs. */
export const pushScenario = {
  name: 'push',
  async run(peers, records, options) {
    for (const page of PAGES) await pushTo(page, peers, records, options);
  },
};

const pushTo = async ({ kind, says }, peers, records, { rounds, audience, pushes }) => {
  await Party.hold(
    peers.filter(({ canPush }) => canPush),
    [],
    async (party) => {
      await party.each((peer) => party.open(peer, { kind, size: 1 }, audience));
      const push = async (peer) => {
        const server = party.serverOf(peer);
        await party.ask({ do: 'expect', group: peer });
        const before = await server.cpuMicros();
        const { at, count } = await server.ask({ do: 'push' });
        const { last, bytesDown } = await party.ask({ do: 'pushed', count });
        const cpu = ((await server.cpuMicros()) - before) / audience;
        return { last: (last - at) / 1000, down: bytesDown, cpu };
      };
      await party.each(push);
      const results = await party.interleave(rounds * pushes, push);
      records.addAll(says(audience.toLocaleString('en')), results, ['down', 'last', 'cpu']);
    },
  );
};
