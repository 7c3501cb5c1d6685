import type { FaultCase } from './fault.case.js';
import { PatientClient } from '../clients/patient.client.js';
import { checkCounter, checkQuiet, checkSettled } from '../checkers/checkers.js';
import { wait, within } from './load.js';

const HELD_MS = 200;

export const lateWriter: FaultCase = {
  id: 'K41',
  name: 'lost-lock',
  fault:
    'a node is held (SIGSTOP) between its handler and its commit while the other commits, and goes on; not applicable as ' +
    'planned: there is no lease that could run out, the version is compared and set',
  invariant: 'the late commit conflicts and its handler runs again on the newest state: no update is lost',
  ci: false,
  seconds: 120,
  async run(run) {
    const fleet = await run.fleet({ nodes: 2, node: { without: run.without } });
    const [held, other] = fleet.nodes;
    const history = run.history();
    const shares = await PatientClient.found({ port: fleet.port, history, name: 'founder', component: 'counter' });
    const more = { history, component: 'counter', shares };
    const late = await PatientClient.open({ ...more, port: held.port, name: 'late' });
    const quick = await PatientClient.open({ ...more, port: other.port, name: 'quick' });
    await late.call('increment', 'late.first');
    await quick.call('increment', 'quick.first');
    await held.ask({ do: 'arm', plans: [{ point: 'afterHandler', pass: 1, every: 1, how: 'delay', ms: HELD_MS }] });
    const complaints: string[] = [];
    const rounds = run.size(4, 20);
    for (let round = 0; round < rounds; round += 1) {
      const slow = late.call('increment', `late.${round}`);
      await wait(HELD_MS / 2);
      held.signal('SIGSTOP');
      for (let event = 0; event < 3; event += 1) {
        if ((await within(quick.call('increment', `quick.${round}.${event}`), 10_000)) !== 'ok')
          complaints.push(`round ${round}: the other node did not commit`);
      }
      await wait(HELD_MS);
      held.signal('SIGCONT');
      if ((await within(slow, 15_000)) !== 'ok') complaints.push(`round ${round}: the late event was not acknowledged`);
    }
    const conflicts = await held.metric('live_commit_conflicts_total');
    const count = (await fleet.state(shares.id))?.count as number | undefined;
    if (run.without.length === 0 && conflicts < rounds)
      complaints.push(`fence: ${conflicts} conflicts in ${rounds} rounds`);
    complaints.push(
      ...checkCounter(history, shares.id, count),
      ...checkSettled(history),
      ...checkQuiet(await fleet.vitals()),
    );
    late.close();
    quick.close();
    return { complaints, figures: { rounds, conflicts, final: count ?? -1, acked: history.count('ok') } };
  },
};
