import type { FaultCase } from './fault.case.js';
import { Load, figuresOf, left, wait } from './load.js';

const RIGHT = [['k1', 'k2'], ['k2', 'k1'], ['k2']];
/** Signs with a key the other node does not know. */
const WRONG = [['k3']];

export const keyRotation: FaultCase = {
  id: 'K39',
  name: 'key-rotation-live',
  fault: 'the signing key is changed under load, node by node, in the documented order and then in a wrong one',
  invariant:
    'in order nobody notices; in disorder pages mount again and are told, and nothing the server holds is lost',
  ci: false,
  seconds: 240,
  async run(run) {
    const fleet = await run.fleet({ nodes: 2, node: { kids: ['k1'] } });
    const history = run.history();
    let working = true;
    const load = await Load.open({
      fleet,
      history,
      writers: run.size(12, 100),
      events: 20_000,
      thinkMs: run.size(150, 300),
      goesOn: () => working,
    });
    const done = load.work(220_000);
    const complaints: string[] = [];
    const roll = async (orders: readonly (readonly string[])[]): Promise<void> => {
      for (const kids of orders) {
        for (const index of [0, 1]) await fleet.roll(index, { kids });
        // Whoever acts has a token of the new key before the old one goes.
        await wait(run.size(1_000, 3_000));
      }
    };
    const told = (): number => history.count('told') + history.count('fail');
    await wait(1_000);
    await roll(RIGHT);
    const inOrder = told();
    if (inOrder > 0) complaints.push(`in order: ${inOrder} refusals or notices`);
    const before = load.writers.map(({ id }) => id);
    await roll(WRONG);
    const inDisorder = told() - inOrder;
    const mountedAgain = load.writers.filter(({ id }, index) => id !== before[index]).length;
    if (mountedAgain === 0) complaints.push('setup: nobody had to mount again');
    const acked = history.count('ok');
    await wait(1_500);
    if (history.count('ok') === acked) complaints.push('going on: nothing is acknowledged after the disorder');
    working = false;
    complaints.push(...left(await done), ...(await load.check(['STATE_INVALID'], true)));
    load.close();
    return {
      complaints,
      figures: { noticesInOrder: inOrder, noticesInDisorder: inDisorder, mountedAgain, ...figuresOf(history) },
    };
  },
};
