import { checkLog, checkQuiet } from '../checkers/checkers.js';
import { RawSocket, type Heard } from '../clients/raw.socket.js';
import { Visitor } from '../clients/visitor.js';
import type { Fleet } from '../fleet/fleet.js';
import type { FaultCase } from './fault.case.js';

/** How a token is presented: by whom, at which node, of which component. */
interface Presenting {
  readonly node?: number;
  readonly user?: string;
  readonly component?: string;
}

type Present = (body: object, how?: Presenting) => Promise<Heard | undefined>;

const overHttp =
  ({ nodes }: Fleet): Present =>
  (body, { node = 0, user = 'ada', component = 'purse' } = {}) =>
    new Visitor(nodes[node].port, user === '' ? {} : { user }).post(component, body);

const overSockets =
  ({ nodes }: Fleet): Present =>
  async (body, { node = 0, user = 'ada', component = 'purse' } = {}) => {
    const socket = await RawSocket.open(nodes[node].port, user || null);
    const isMount = !('state' in body);
    const reply = await socket.ask([isMount ? 'mount' : 'component_event', { component, ...body }], 5_000);
    socket.close();
    return reply;
  };

const said = (reply: Heard | undefined): string =>
  reply?.ok ? (reply.dup ? 'dup' : 'ok') : (reply?.error?.code ?? 'no answer');

/** A state of seven events, and the tokens along the way. */
const spend = async (present: Present, component: string): Promise<{ id: string; tokens: string[] }> => {
  const mounted = await present({}, { component });
  const tokens = [mounted?.state ?? ''];
  for (let seq = 1; seq <= 7; seq += 1) {
    const reply = await present({ state: tokens[seq - 1], event: 'earn', seq }, { component });
    if (!reply?.state) throw new Error(`no token of event ${seq}: ${JSON.stringify(reply)}`);
    tokens.push(reply.state);
  }
  return { id: mounted?.component_id ?? '', tokens };
};

export const replayedState: FaultCase = {
  id: 'K21',
  name: 'replayed-signed-state',
  fault:
    'tokens of states held by pages come again: from others, of other components and instances, older ones, a hundred ' +
    'at once over HTTP and sockets, of other keys and shapes',
  invariant: 'only its own page gets on with a state, each state once, and never in another shape than it was made for',
  ci: true,
  seconds: 120,
  async run(run) {
    const fleet = await run.fleet({
      nodes: 4,
      node: { without: run.without },
      each: (index) =>
        [
          { kids: ['k1', 'k2'] },
          { kids: ['k2', 'k1'], release: 'next' as const },
          { kids: ['k1'], release: 'next-without-migration' as const },
          { kids: ['k1', 'k2'] },
        ][index],
    });
    const complaints: string[] = [];
    let [refused, applied, tries] = [0, 0, 0];
    const expect = (what: string, reply: Heard | undefined, wanted: string): void => {
      if (said(reply) === wanted) refused += 1;
      else complaints.push(`${what}: ${said(reply)}, not ${wanted}`);
    };
    const handlerRuns = async (): Promise<number> =>
      (await fleet.vitals()).reduce((sum, { passes }) => sum + (passes.afterHandler ?? 0), 0);

    const slowDown = (ms: number): Promise<unknown> => {
      const plans = ms > 0 ? [{ point: 'afterHandler', pass: 1, every: 1, how: 'delay', ms } as const] : [];
      return Promise.all([0, 3].map((node) => fleet.nodes[node].ask({ do: 'arm', plans })));
    };

    for (const [transport, present] of [
      ['http', overHttp(fleet)],
      ['socket', overSockets(fleet)],
    ] as const) {
      const { id, tokens } = await spend(present, 'purse');
      const [older, newest] = [tokens[3], tokens[7]];
      const next = { event: 'earn', seq: 8 };
      const ran = await handlerRuns();
      for (const user of ['eve', '', 'ada&login=2']) {
        expect(`${transport} as "${user}"`, await present({ state: newest, ...next }, { user }), 'STATE_INVALID');
      }
      const elsewhere = { component_id: 'another-instance-0000' };
      expect(`${transport} instance`, await present({ state: newest, ...elsewhere, ...next }), 'STATE_INVALID');
      const other = await present({ state: newest, ...next }, { component: 'meter' });
      expect(`${transport} component`, other, 'STATE_INVALID');
      const stale = await present({ state: older, ...next });
      expect(`${transport} older`, stale, 'STATE_STALE');
      expect(`${transport} lost answer`, await present({ state: tokens[6], event: 'earn', seq: 7 }), 'dup');
      const ranNow = await handlerRuns();
      if (ranNow !== ran) complaints.push(`${transport}: a refused state reached a handler ${ranNow - ran} times`);

      // Two nodes are in the middle of it at the same moment.
      await slowDown(50);
      // At two nodes, and half of them under no number: then the register alone stands between a state and its second use.
      const replies = await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          present({ state: newest, event: 'earn', ...(index % 4 < 2 ? { seq: 8 } : {}) }, { node: index % 2 ? 0 : 3 }),
        ),
      );
      await slowDown(0);
      tries += replies.length;
      const fresh = replies.filter((reply) => said(reply) === 'ok');
      applied += fresh.length;
      const { version } = (await fleet.position(id)) ?? {};
      if (fresh.length !== 1 || version !== 8)
        complaints.push(`${transport}: one state was used ${fresh.length} times, its register says ${version}`);
      const unexpected = replies.map(said).filter((each) => !['ok', 'dup', 'STATE_STALE', 'CONTENTION'].includes(each));
      if (unexpected.length > 0) complaints.push(`${transport}: ${unexpected.length} were told ${unexpected[0]}`);
      const after = await present({ state: fresh[0]?.state, event: 'earn', seq: 9 });
      if (said(after) !== 'ok' || !after?.html?.includes('>9<'))
        complaints.push(`${transport}: the state did not go on: ${said(after)} ${after?.html}`);

      // On a node of the next release: another key signs, and the state is brought into its shape: coins are cents.
      const moved = await present({ state: after?.state, event: 'earn', seq: 10 }, { node: 1 });
      if (said(moved) !== 'ok' || !moved?.html?.includes('>1000<'))
        complaints.push(`${transport}: the state did not move on: ${said(moved)} ${moved?.html}`);
      const back = await present({ state: moved?.state, event: 'earn', seq: 11 });
      expect(`${transport} newer shape`, back, 'STATE_OUTDATED');
      const bare = await present({ state: newest, event: 'earn', seq: 11 }, { node: 2 });
      expect(`${transport} without migration`, bare, 'STATE_OUTDATED');
      const unknown = await present({ state: moved?.state, event: 'earn', seq: 11 }, { node: 2 });
      expect(`${transport} unknown key`, unknown, 'STATE_INVALID');

      const meter = await spend(present, 'meter');
      for (const seq of [8, 9]) {
        const replayed = await present({ state: meter.tokens[3], event: 'earn', seq }, { component: 'meter' });
        if (said(replayed) !== 'ok' || replayed?.version !== 4)
          complaints.push(`${transport}: a replay that is allowed: ${said(replayed)} version ${replayed?.version}`);
      }
    }
    const vitals = await fleet.vitals();
    complaints.push(...checkQuiet(vitals), ...checkLog(vitals));
    return {
      complaints,
      figures: { presentedAtOnce: tries, appliedOfThem: applied, refused, replaysAccepted: applied - 2 },
    };
  },
};
