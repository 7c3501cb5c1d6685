import { checkOrder, checkSet, checkSettled, checkTold, type Complaints } from '../checkers/checkers.js';
import { PatientClient } from '../clients/patient.client.js';
import { CRASH_POINTS } from '../node/crash.points.js';
import type { FaultCase } from './fault.case.js';
import { within } from './load.js';

/** After these a commit has happened and nobody has heard of it. */
const COMMITTED = new Set<string>(['afterCommit', 'beforeAck']);
/** A node has to start again meanwhile, on a machine that may be busy. */
const ACK_MS = 60_000;

export const crashPoint: FaultCase = {
  id: 'K02',
  name: 'kill-at-crash-point',
  fault: 'the only node kills itself at each of eight places in the life of an event, on the n-th event',
  invariant: 'the event is applied exactly once; after a commit, the repeated event is answered as a duplicate',
  ci: true,
  seconds: 400,
  async run(run) {
    const fleet = await run.fleet({ nodes: 1, appendfsync: 'everysec' });
    const history = run.history();
    const complaints: Complaints[] = [];
    const figures: Record<string, string> = {};
    const client = await PatientClient.open({ port: fleet.port, history, name: 'w', component: 'ledger' });
    let number = 0;
    for (const point of CRASH_POINTS) {
      let [killed, dups] = [0, 0];
      for (const pass of run.size([1, 2], [1, 2, 3, 5, 8, 12, 16, 20])) {
        await fleet.ask({ do: 'arm', plans: [{ point, pass, how: 'kill' }] });
        const node = fleet.nodes[0];
        let died = false;
        const replaced = node.ended.then(async () => {
          died = true;
          await fleet.up(0);
        });
        // One more than the pass: what follows a crash after the acknowledgement must arrive as well.
        for (let event = 0; event <= pass; event += 1) {
          const id = `w.${number++}`;
          if ((await within(client.call('append', id, { id }), ACK_MS)) !== 'ok')
            complaints.push([`${point}: no ack of ${id}`]);
          const { dup = false } = history.entries.findLast((entry) => entry.id === id && entry.type === 'ok') ?? {};
          if (dup) dups += 1;
        }
        if (died) await replaced;
        else await fleet.ask({ do: 'arm', plans: [] });
        if (died) killed += 1;
        if (COMMITTED.has(point) && !died) complaints.push([`${point}: pass ${pass} was never reached`]);
      }
      if (COMMITTED.has(point) && dups !== killed)
        complaints.push([`${point}: ${dups} of ${killed} were answered as duplicates`]);
      figures[point] = `${killed} killed, ${dups} dup acks`;
    }
    const entries = ((await fleet.state(client.id))?.entries ?? []) as readonly string[];
    complaints.push(
      checkSet(history, client.id, entries),
      checkOrder(entries),
      checkSettled(history),
      checkTold(history),
    );
    client.close();
    return { complaints: complaints.flat(), figures: { ...figures, events: number, applied: entries.length } };
  },
};
