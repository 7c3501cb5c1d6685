import { Party } from './party.mjs';

/** The server tells everybody a number: until the last one shows it, and what each costs. */
export const pushScenario = {
  name: 'push',
  async run(peers, records, { rounds, audience, pushes }) {
    await Party.hold(
      peers.filter(({ canPush }) => canPush),
      [],
      async (party) => {
        await party.each((peer) => party.open(peer, { kind: 'counters', size: 1 }, audience));
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
        records.addAll(`a push to ${audience.toLocaleString('en')} viewers, for each`, results, [
          'down',
          'last',
          'cpu',
        ]);
      },
    );
  },
};
