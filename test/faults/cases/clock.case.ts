import { PatientClient } from '../clients/patient.client.js';
import { Visitor } from '../clients/visitor.js';
import type { FaultCase } from './fault.case.js';
import { Load, figuresOf, left, wait } from './load.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/**
 * Tokens of two nodes whose clocks differ by up to a minute are good on both. First behind, then ahead: a page keeps a
 * token for half of its life, and one that was made ahead would be more than a minute away from a clock that is behind.
 */
const WITHIN_SKEW = [-50_000, 50_000];
const TOKEN_MS = HOUR;
/** The clock is set by a message. */
const SET_MS = 300;

export const clockJump: FaultCase = {
  id: 'K22',
  name: 'clock-jump',
  fault:
    "one of two nodes' wall clock jumps under load: by less than a minute, by two hours forward, by two hours back",
  invariant:
    'a skew of less than a minute is not noticed; nothing acknowledged is lost in any; a token is not good for longer on ' +
    'a node whose clock is right; once it is right again, new pages do not notice',
  ci: false,
  seconds: 200,
  async run(run) {
    const fleet = await run.fleet({ nodes: 2, node: { clockMs: 0, tokenMs: TOKEN_MS } });
    const [wrong, right] = fleet.nodes;
    const history = run.history();
    const complaints: string[] = [];
    let working = true;
    const load = await Load.open({
      fleet,
      history,
      writers: run.size(10, 50),
      events: 20_000,
      thinkMs: 100,
      goesOn: () => working,
    });
    const done = load.work(150_000);
    const refusals = (): number => history.count('fail') + history.count('told');
    const phase = async (clockMs: number, ms: number): Promise<number> => {
      const before = refusals();
      wrong.setClock(clockMs);
      fleet.proxy.cutAll();
      await wait(ms);
      return refusals() - before;
    };
    const pauseMs = run.size(1_500, 5_000);
    let wrongly = 0;
    for (const skew of [...WITHIN_SKEW, 0]) wrongly += await phase(skew, pauseMs);
    if (wrongly > 0) complaints.push(`skew: ${wrongly} refusals at less than a minute`);
    // Two hours ahead: what the healthy node signs is over for this one, and pages begin anew or wait.
    const forward = await phase(2 * HOUR, pauseMs);
    const connected = load.clients.filter(({ isConnected }) => isConnected).length;
    const back = await phase(-2 * HOUR, pauseMs);
    await phase(0, pauseMs);
    // Pages that were refused again and again have ended and say so; whoever loads one now does not notice anything.
    const ended = history.entries.filter(({ type, op }) => type === 'told' && op === 'ended').length;
    const reloaded = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        PatientClient.open({ port: fleet.port, history, name: `n${index}`, component: 'ledger' }),
      ),
    );
    for (let number = 1; number <= 5; number += 1) {
      const outcomes = await Promise.all(
        reloaded.map((client) => {
          const id = `${client.name}.${number}`;
          return client.call('append', id, { id });
        }),
      );
      if (outcomes.some((outcome) => outcome !== 'ok'))
        complaints.push(`healed: new pages are told ${outcomes.join()}`);
    }
    reloaded.forEach((client) => client.close());

    // What a page holds itself is as old as its token says, on the node whose clock is right. (For what the server
    // holds, Redis has the time: such a page does not even get to its first event.)
    const sealedAt = async (clockMs: number): Promise<string | undefined> => {
      wrong.setClock(clockMs);
      await wait(SET_MS);
      const visitor = new Visitor(wrong.port, { user: 'crew' });
      const mounted = await visitor.post('meter', {});
      const used = await visitor.post('meter', { state: mounted?.state, event: 'earn', seq: 1 });
      wrong.setClock(0);
      await wait(SET_MS);
      return used?.state;
    };
    const present = async (state: string | undefined): Promise<string> => {
      const reply = await new Visitor(right.port, { user: 'crew' }).post('meter', { state, event: 'earn', seq: 2 });
      return reply?.ok ? 'ok' : (reply?.error?.code ?? 'no answer');
    };
    const [past, ahead, now] = [await sealedAt(-2 * HOUR), await sealedAt(2 * HOUR), await sealedAt(0)];
    const answers = { past: await present(past), ahead: await present(ahead), now: await present(now) };
    if (answers.past !== 'STATE_EXPIRED') complaints.push(`age: a token of two hours ago was told ${answers.past}`);
    if (answers.ahead !== 'STATE_EXPIRED') complaints.push(`age: a token of the future was told ${answers.ahead}`);
    if (answers.now !== 'ok') complaints.push(`age: a token of now was told ${answers.now}`);

    working = false;
    complaints.push(...left(await done), ...(await load.check(['STATE_EXPIRED', 'STATE_INVALID'], true)));
    load.close();
    const figures = {
      wronglyRefused: wrongly,
      wronglyAccepted: [answers.past, answers.ahead].filter((each) => each === 'ok').length,
    };
    return {
      complaints,
      figures: {
        ...figures,
        refusedForward: forward,
        pagesEnded: ended,
        connected,
        refusedBack: back,
        ...figuresOf(history),
      },
    };
  },
};
