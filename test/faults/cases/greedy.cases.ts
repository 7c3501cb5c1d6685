import { checkMonotonic, checkQuiet } from '../checkers/checkers.js';
import { checkBack, type Census } from '../checkers/leak.js';
import { PatientClient, type SharedInstance } from '../clients/patient.client.js';
import { RawSocket, joinOwn, pushedVersion, type Heard } from '../clients/raw.socket.js';
import type { FaultCase } from './fault.case.js';
import { Load, eventually, figuresOf, left, wait } from './load.js';

const BYTES = 64 * 1024;

export const slowReader: FaultCase = {
  id: 'K18',
  name: 'slow-reader',
  fault: 'a client stops reading while renders of 64 KiB are pushed',
  invariant:
    'what is kept for it is bounded; it is closed, or shown the latest state when it reads again; others get all',
  ci: true,
  // At full scale 13 GB go to the readers.
  seconds: 900,
  async run(run) {
    const fleet = await run.fleet({ nodes: 1 });
    const [node] = fleet.nodes;
    const history = run.history();
    const readers = await Promise.all(
      Array.from({ length: run.size(3, 20) }, (_, index) =>
        PatientClient.open({ port: fleet.port, history, name: `r${index}`, component: 'ticker', glances: true }),
      ),
    );
    const slow = await RawSocket.open(node.port);
    await joinOwn(slow, 'ticker');
    await eventually(() => readers.every(({ isConnected }) => isConnected), 10_000);
    await wait(500);
    const before = await node.vitals();
    slow.wire.pause();
    const ticks = run.size(400, 10_000);
    let mostBuffered = 0;
    for (let tick = 1; tick <= ticks; tick += 1) {
      await node.ask({ do: 'publish', topic: 'tick', message: { tick, bytes: BYTES } });
      await wait(2);
      if (tick % 50 === 0) mostBuffered = Math.max(mostBuffered, await node.metric('live_buffered_bytes'));
    }
    await wait(1_000);
    const during = await node.vitals();
    const heldMiB = Math.round(during.heldMiB - before.heldMiB);
    const rssMiB = Math.round(during.rssMiB - before.rssMiB);
    const coalesced = await node.metric('live_coalesced_renders');
    slow.wire.resume();
    const versions = (): readonly number[] => slow.heard.flatMap((text) => pushedVersion(text) ?? []);
    const caughtUp = await eventually(() => slow.isClosed || versions().at(-1) === ticks, 35_000);
    const pushes = versions().length;
    const shownTo = (reader: PatientClient): number | undefined =>
      history.entries.findLast(({ client, type }) => client === reader.name && type === 'show')?.v;
    await eventually(() => readers.every((reader) => shownTo(reader) === ticks), 30_000);
    const complaints = [
      ...(caughtUp ? [] : ['slow: neither closed nor shown the latest state']),
      ...(heldMiB <= 16 ? [] : [`bounds: ${heldMiB} MiB are held for one slow client`]),
      ...(mostBuffered <= 4 * 2 ** 20 ? [] : [`bounds: ${mostBuffered} bytes waited for one slow client`]),
      ...(coalesced > 0 || slow.isClosed ? [] : ['setup: nothing was left out, so nothing was held back']),
      ...checkMonotonic(history),
      ...checkQuiet([during]),
    ];
    for (const reader of readers) {
      const last = shownTo(reader);
      if (last !== ticks) complaints.push(`${reader.name} shows version ${last} of ${ticks}`);
      reader.close();
    }
    const end = slow.isClosed ? 'closed' : 'caught up';
    slow.close();
    return {
      complaints,
      figures: {
        ticks,
        pushesToSlow: pushes,
        coalesced,
        mostBufferedKiB: Math.round(mostBuffered / 1_024),
        heldMiB,
        rssMiB,
        end,
      },
    };
  },
};

/** What a connection may follow unless told otherwise. */
const SUBSCRIPTIONS = 200;
/** What counts and measures, and what forgets by time: nobody's. */
/** What was joined is held by the store for its life, whoever has gone, and the budgets count it for as long. */
const HELD = [/store\.(?:instances|tombstones)/, /\bbudgets\b/];
const MAY_GROW = [/metrics/i, /LiveLog/, /Repeats/i, /points\.passes$/, ...HELD];

export const subscriptionFlood: FaultCase = {
  id: 'K28',
  name: 'subscription-flood',
  fault: 'one client joins and subscribes without end',
  invariant: 'it is stopped at the limit, what it had goes on working, and nothing is kept when it has gone',
  ci: true,
  seconds: 120,
  async run(run) {
    const fleet = await run.fleet({ nodes: 1, node: { limits: { maxInstances: 100 } } });
    const [node] = fleet.nodes;
    const warm = await RawSocket.open(node.port);
    for (let index = 0; index < 50; index += 1) await joinOwn(warm, 'counter');
    warm.close();
    await wait(300);
    const history = run.history();
    const founded: SharedInstance[] = [];
    while (founded.length < SUBSCRIPTIONS + 10) {
      const more = { port: node.port, history, name: 'founder', component: 'counter', user: 'raw' };
      founded.push(...(await Promise.all(Array.from({ length: 10 }, () => PatientClient.found(more)))));
    }
    const before = await node.vitals();
    const censusBefore = (await node.ask({ do: 'census' })) as Census;
    const greedy = await RawSocket.open(node.port);
    const codes = new Map<string, number>();
    let firstHandle = 0;
    const note = (reply: Heard | undefined): void => {
      const code = reply?.ok ? 'ok' : (reply?.error?.code ?? 'no answer');
      codes.set(code, (codes.get(code) ?? 0) + 1);
    };
    for (let index = 0; index < 130; index += 1) {
      const reply = await joinOwn(greedy, 'counter');
      firstHandle ||= reply?.h ?? 0;
      note(reply);
    }
    for (let index = 0; index < run.size(500, 20_000); index += 1) {
      note(await greedy.ask(['subscribe', { component: 'counter', component_id: `made-up-${index}`, state: 'none' }]));
    }
    const follow = ({ id, state }: SharedInstance): Promise<Heard | undefined> =>
      greedy.ask(['subscribe', { component: 'counter', component_id: id, state }]);
    let [subscribed, tooMany, again] = [0, 0, 0];
    for (const instance of founded) {
      const reply = await follow(instance);
      if (reply?.ok) subscribed += 1;
      if (reply?.error?.code === 'TOO_MANY_SUBSCRIPTIONS') tooMany += 1;
    }
    const turns = run.size(200, 20_000);
    for (let turn = 0; turn < turns; turn += 1) {
      const instance = founded[turn % SUBSCRIPTIONS];
      await greedy.ask(['unsubscribe', { component_id: instance.id }]);
      if ((await follow(instance))?.ok) again += 1;
    }
    const still = await greedy.ask([firstHandle, 1, 'increment']);
    greedy.close();
    await wait(1_000);
    const after = await node.vitals();
    const censusAfter = (await node.ask({ do: 'census' })) as Census;
    const heapMiB = Math.round((after.heapMiB - before.heapMiB) * 10) / 10;
    const complaints = [
      ...(subscribed === SUBSCRIPTIONS && tooMany === founded.length - SUBSCRIPTIONS
        ? []
        : [`limit: ${subscribed} subscriptions, ${tooMany} refused`]),
      ...(again === turns ? [] : [`again: ${turns - again} of ${turns} did not get back what they had left`]),
      ...checkBack(censusBefore, censusAfter, MAY_GROW).slice(0, 5),
      ...(codes.get('ok') === 100 ? [] : [`limit: ${codes.get('ok')} instances were joined`]),
      ...((codes.get('TOO_MANY_INSTANCES') ?? 0) === 30 ? [] : ['limit: the refusals have another code']),
      ...(codes.has('no answer') ? ['answers: some messages had none'] : []),
      ...(still?.ok ? [] : [`going on: ${JSON.stringify(still)}`]),
      ...(heapMiB < run.size(8, 4) ? [] : [`leak: ${heapMiB} MiB`]),
      ...checkQuiet([after]),
    ];
    return {
      complaints,
      figures: { ...Object.fromEntries(codes), subscribed, tooMany, leftAndJoined: again, heapMiB },
    };
  },
};

export const connectStorm: FaultCase = {
  id: 'K29',
  name: 'connect-storm',
  fault: 'every client loses its connection at once',
  invariant: 'all come back by themselves and every event is acknowledged once',
  ci: false,
  seconds: 150,
  async run(run) {
    const fleet = await run.fleet({ nodes: 2 });
    const history = run.history();
    const load = await Load.open({ fleet, history, writers: run.size(50, 400), events: 3, thinkMs: 100 });
    await load.work(30_000);
    const began = performance.now();
    fleet.proxy.cutAll();
    await eventually(() => load.clients.every(({ isConnected }) => !isConnected), 2_000);
    const back = await eventually(() => load.clients.every(({ isConnected }) => isConnected), 30_000);
    const allBackMs = Math.round(performance.now() - began);
    const outcomes = await Promise.all(
      load.clients.map((client) => client.call('append', `${client.name}.10`, { id: `${client.name}.10` })),
    );
    const vitals = await fleet.vitals();
    const complaints = [
      ...(back ? [] : ['back: not all are connected after 30 s']),
      ...left(outcomes.every((outcome) => outcome === 'ok')),
      ...(await load.check()),
    ];
    load.close();
    const maxLagMs = Math.round(Math.max(...vitals.map((each) => each.maxLagMs)));
    return { complaints, figures: { clients: load.clients.length, allBackMs, maxLagMs, ...figuresOf(history) } };
  },
};

export const halfOpen: FaultCase = {
  id: 'K32',
  name: 'half-open-tcp',
  fault: 'connections stay open and carry nothing any more, both ways',
  invariant: 'the clients notice, connect again and deliver what waited, once',
  ci: false,
  seconds: 120,
  async run(run) {
    const fleet = await run.fleet({ nodes: 2, node: { limits: { pingIntervalMs: 2_000, pingTimeoutMs: 1_500 } } });
    const history = run.history();
    const load = await Load.open({ fleet, history, writers: 10, events: 30, thinkMs: 200 });
    const working = load.work(90_000);
    await wait(1_000);
    const began = history.now();
    fleet.proxy.blackHole();
    const done = await working;
    const complaints = [...left(done), ...(await load.check())];
    const first = history.entries.find(({ type, t }) => type === 'ok' && t > began + 1_000);
    load.close();
    return { complaints, figures: { noticedMs: first ? Math.round(first.t - began) : -1, ...figuresOf(history) } };
  },
};

/** As many as a connection may have unanswered: beyond, each is refused whatever the rate. */
const BURST = 16;

/** An event that was applied, and not the second answer to one. */
const isAdmitted = (text: string): boolean =>
  text.startsWith('43') && text.includes('"ok":true') && !text.includes('"dup":true');

export const eventFlood: FaultCase = {
  id: 'K27',
  name: 'event-flood',
  fault: 'one client sends events as fast as it can',
  invariant: 'no more than its allowance is admitted; every event of the others is acknowledged',
  ci: false,
  seconds: 60,
  async run(run) {
    const fleet = await run.fleet({ nodes: 1, node: { limits: { eventsPerSecond: 20 } } });
    const [node] = fleet.nodes;
    const history = run.history();
    const load = await Load.open({ fleet, history, writers: 20, events: 20, thinkMs: 200, apart: true });
    const flooder = await RawSocket.open(node.port);
    const { h } = (await joinOwn(flooder, 'counter')) ?? {};
    const working = load.work(40_000);
    const began = performance.now();
    let [sent, seq, admitted] = [0, 0, 0];
    while (performance.now() - began < 5_000 && !flooder.isClosed) {
      for (let burst = 0; burst < BURST; burst += 1) {
        sent += 1;
        // Goes on behind what was admitted, or each would be refused as a gap whatever the rate.
        flooder.say(`42${10_000 + sent}[${h},${(seq += 1)},"increment"]`);
      }
      await wait(5);
      const answers = flooder.heard.splice(0);
      for (const text of answers) if (isAdmitted(text)) admitted += 1;
      seq = admitted;
    }
    const seconds = (performance.now() - began) / 1_000;
    const { maxLagMs } = await node.vitals();
    const done = await working;
    const complaints = [
      ...left(done),
      ...(admitted <= 40 + 20 * (seconds + 1) ? [] : [`limit: ${admitted} events admitted in ${seconds} s`]),
      ...(admitted > 0 ? [] : ['setup: nothing was admitted at all']),
      ...(await load.check()),
    ];
    const end = flooder.isClosed ? 'closed' : 'refused';
    flooder.close();
    load.close();
    return { complaints, figures: { sent, admitted, end, maxLagMs: Math.round(maxLagMs), ...figuresOf(history) } };
  },
};
