import { checkQuiet, checkSettled } from '../checkers/checkers.js';
import { PatientClient } from '../clients/patient.client.js';
import type { FaultCase } from './fault.case.js';
import { Load, eventually, figuresOf, left, wait } from './load.js';

export const saveFails: FaultCase = {
  id: 'K15',
  name: 'save-fails-after-handler',
  fault: 'every third commit fails after the handler ran and before anything is saved',
  invariant: 'a failed save changes nothing, is tried again by itself and is applied once',
  ci: true,
  seconds: 90,
  async run(run) {
    const fleet = await run.fleet({ nodes: 1, node: { without: run.without } });
    const history = run.history();
    const load = await Load.open({ fleet, history, writers: run.size(6, 30), events: run.size(12, 60) });
    await fleet.ask({ do: 'fail-commits', every: 3 });
    const done = await load.work(60_000);
    const complaints = [...left(done), ...(await load.check())];
    const [{ passes }] = await fleet.vitals();
    const { afterHandler: handlerRuns = 0 } = passes;
    const acked = history.count('ok');
    const refused = history.count('retry', 'STORE_UNAVAILABLE');
    if (refused === 0) complaints.push('setup: no save was refused');
    if (handlerRuns < acked + refused)
      complaints.push(`retry: ${handlerRuns} handler runs for ${acked} + ${refused} tries`);
    load.close();
    return { complaints, figures: { handlerRuns, savesRefused: refused, ...figuresOf(history) } };
  },
};

const WAYS = {
  throws: 'HANDLER_ERROR',
  rejects: 'HANDLER_ERROR',
  'throws no error': 'HANDLER_ERROR',
  'never settles': 'HANDLER_TIMEOUT',
};

export const handlerFails: FaultCase = {
  id: 'K16',
  name: 'handler-fails',
  fault: 'a handler throws, rejects, throws no error, never settles, or its client goes away meanwhile',
  invariant: 'the refusal has its code, the state is unchanged, the next event works, others do not notice',
  ci: false,
  seconds: 60,
  async run(run) {
    const fleet = await run.fleet({ nodes: 1, node: { limits: { handlerTimeoutMs: 500 } } });
    const history = run.history();
    const more = { port: fleet.port, history };
    const client = await PatientClient.open({ ...more, name: 'f', component: 'fragile' });
    const other = await PatientClient.open({ ...more, name: 'o', component: 'counter' });
    const complaints: string[] = [];
    const figures: Record<string, string> = {};
    let good = 0;
    for (const [how, code] of Object.entries(WAYS)) {
      const id = `f.${how}`;
      const outcome = await client.call('fail', id, { how });
      const said = history.entries.findLast((entry) => entry.id === id && entry.type === outcome)?.code ?? '';
      figures[how] = said;
      if (said !== code) complaints.push(`${how}: answered ${outcome} ${said}, ${code} expected`);
      good += 1;
      if ((await client.call('increment', `f.after ${how}`)) !== 'ok')
        complaints.push(`${how}: the next event was refused`);
      if ((await other.call('increment', `o.${how}`)) !== 'ok') complaints.push(`${how}: another component noticed`);
    }
    const gone = client.call('fail', 'f.gone', { how: 'rejects' });
    fleet.proxy.cutAll();
    await gone;
    const { count } = (await fleet.state(client.id)) ?? {};
    if (count !== good) complaints.push(`state: ${String(count)} after ${good} good events`);
    complaints.push(...checkQuiet(await fleet.vitals()), ...checkSettled(history));
    client.close();
    other.close();
    return { complaints, figures };
  },
};

export const renderThrows: FaultCase = {
  id: 'K17',
  name: 'render-throws',
  fault: 'rendering fails on the third event',
  invariant: 'nothing is committed, the refusal is HANDLER_ERROR, the next event works',
  ci: false,
  seconds: 30,
  async run(run) {
    const fleet = await run.fleet({ nodes: 1, node: { crash: [{ point: 'afterRender', pass: 3, how: 'throw' }] } });
    const history = run.history();
    const client = await PatientClient.open({ port: fleet.port, history, name: 'c', component: 'counter' });
    const outcomes = [];
    for (let number = 1; number <= 5; number += 1) outcomes.push(await client.call('increment', `c.${number}`));
    const { version } = (await fleet.position(client.id)) ?? {};
    const code = history.entries.find(({ type }) => type === 'fail')?.code ?? 'none';
    const complaints = [
      ...(outcomes.join() === 'ok,ok,fail,ok,ok' ? [] : [`outcomes: ${outcomes.join()}`]),
      ...(code === 'HANDLER_ERROR' ? [] : [`code: ${code}`]),
      ...(version === 4 ? [] : [`version: ${version} after four good events`]),
    ];
    client.close();
    return { complaints, figures: { code, version: version ?? -1 } };
  },
};

export const oversizedState: FaultCase = {
  id: 'K31',
  name: 'oversized-state',
  fault: 'a handler grows the state past its limit',
  invariant: 'STATE_TOO_LARGE, the previous state is kept, the next event works',
  ci: false,
  seconds: 30,
  async run(run) {
    const fleet = await run.fleet({ nodes: 1, node: { limits: { maxStateBytes: 100_000 } } });
    const history = run.history();
    const client = await PatientClient.open({ port: fleet.port, history, name: 'f', component: 'fragile' });
    await client.call('increment', 'f.1');
    const outcome = await client.call('grow', 'f.2', { bytes: 200_000 });
    const code = history.entries.find(({ type }) => type === 'fail')?.code ?? 'none';
    const next = await client.call('increment', 'f.3');
    const { count, ballast } = (await fleet.state(client.id)) ?? {};
    client.close();
    const complaints = [
      ...(outcome === 'fail' && code === 'STATE_TOO_LARGE' ? [] : [`answer: ${outcome} ${code}`]),
      ...(next === 'ok' && count === 2 && ballast === '' ? [] : [`state: ${next}, count ${String(count)}`]),
    ];
    return { complaints, figures: { code } };
  },
};

export const lateHandler: FaultCase = {
  id: 'K36',
  name: 'handler-timeout-late-commit',
  fault: 'a handler goes on after its time limit and finishes',
  invariant: 'the client got HANDLER_TIMEOUT; the late result is thrown away',
  ci: false,
  seconds: 30,
  async run(run) {
    const fleet = await run.fleet({ nodes: 1, node: { limits: { handlerTimeoutMs: 400 } } });
    const history = run.history();
    const client = await PatientClient.open({ port: fleet.port, history, name: 'f', component: 'fragile' });
    const outcome = await client.call('sleep', 'f.1', { ms: 1_200 });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const code = history.entries.find(({ type }) => type === 'fail')?.code ?? 'none';
    const before = (await fleet.state(client.id))?.count;
    const next = await client.call('increment', 'f.2');
    const after = (await fleet.state(client.id))?.count;
    client.close();
    const complaints = [
      ...(outcome === 'fail' && code === 'HANDLER_TIMEOUT' ? [] : [`answer: ${outcome} ${code}`]),
      ...(before === 0 && next === 'ok' && after === 1
        ? []
        : [`state: ${String(before)}, then ${next} ${String(after)}`]),
    ];
    return { complaints, figures: { code } };
  },
};

/** Of what would begin on the node now: answered, or refused for now. */
const tryMount = async (port: number): Promise<string> => {
  const response = await fetch(`http://127.0.0.1:${port}/components/counter`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: '{}',
  });
  const { ok, error } = (await response.json()) as { ok: boolean; error?: { code: string; retryable: boolean } };
  return ok ? 'ok' : `${error?.code} ${response.status} ${error?.retryable ? 'retryable' : 'final'}`;
};

export const cpuHog: FaultCase = {
  id: 'K35',
  name: 'cpu-hog-handler',
  fault: 'handlers block the event loop: one for three seconds, then three one after the other for four and a half',
  invariant:
    'no connection is lost, every event of the others is answered, new work is refused while the loop is late and taken on again afterwards',
  ci: false,
  seconds: 90,
  async run(run) {
    const limits = { pingIntervalMs: 2_000, pingTimeoutMs: 6_000 };
    const fleet = await run.fleet({ nodes: 1, node: { limits } });
    const [node] = fleet.nodes;
    const history = run.history();
    const more = { port: fleet.port, history };
    const load = await Load.open({
      fleet,
      history,
      clickers: run.size(30, 100),
      counters: 10,
      events: 10,
      thinkMs: 500,
    });
    const hogs = await Promise.all(
      [0, 1, 2].map((index) => PatientClient.open({ ...more, name: `h${index}`, user: 'hog', component: 'fragile' })),
    );
    const all = [...load.clients, ...hogs];
    await eventually(() => all.every(({ isConnected }) => isConnected), 10_000);
    const lines = new Set(fleet.proxy.sockets);
    const working = load.work(60_000);
    await hogs[0].call('hog', 'h0.1', { ms: 3_000 });
    await wait(1_500);

    const answers: string[] = [];
    let blocking = true;
    const knocking = (async () => {
      const asked: Promise<unknown>[] = [];
      for (; blocking; await wait(100)) asked.push(tryMount(node.port).then((answer) => answers.push(answer)));
      await Promise.all(asked);
    })();
    await Promise.all(hogs.map((hog, index) => hog.call('hog', `h${index}.2`, { ms: 1_500 })));
    const began = performance.now();
    const recovered = await eventually(async () => (await tryMount(node.port)) === 'ok', 3_000);
    const recoveredMs = Math.round(performance.now() - began);
    blocking = false;
    await knocking;
    const done = await working;
    const lost = [...lines].filter((line) => !fleet.proxy.sockets.includes(line)).length;
    const shed = answers.filter((answer) => answer === 'OVERLOADED 503 retryable').length;
    const strange = answers.filter((answer) => answer !== 'ok' && !answer.startsWith('OVERLOADED 503 retryable'));
    const complaints = [
      ...left(done),
      ...(lost > 0 ? [`disconnects: ${lost}`] : []),
      ...(shed > 0 ? [] : ['shedding: new work was taken on although the loop was late']),
      ...(strange.length > 0 ? [`shedding: ${strange[0]}`] : []),
      ...(recovered ? [] : ['shedding: new work is still refused']),
      ...(await load.check()),
    ];
    all.forEach((client) => client.close());
    return {
      complaints,
      figures: { disconnects: lost, knocked: answers.length, shed, recoveredMs, ...figuresOf(history) },
    };
  },
};
