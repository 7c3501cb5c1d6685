import { randomBytes } from 'node:crypto';

import { checkLog, checkQuiet } from '../checkers/checkers.js';
import { checkIsolated } from '../checkers/isolation.js';
import { StreamClient, type StreamOptions } from '../clients/stream.client.js';
import type { Line } from '../network/proxy.js';
import type { FaultCase } from './fault.case.js';
import { eventually, wait } from './load.js';

interface Ticket {
  readonly component_id: string;
  readonly state: string;
}

const ask = async (port: number, user: string, body: object): Promise<Ticket> => {
  const response = await fetch(`http://127.0.0.1:${port}/components/tape?user=${user}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Ticket;
};

/** A page of the user: its ticker, and where its pushes come from. */
const pageOf = async (port: number, user: string): Promise<StreamOptions> => {
  const { state } = await ask(port, user, {});
  return { port, user, component: 'tape', state, page: randomBytes(16).toString('base64url') };
};

const BUFFER_MS = 300;
const SLOW_BYTES = 64 * 1024;

export const streamFaults: FaultCase = {
  id: 'K38',
  name: 'sse-faults',
  fault:
    'event streams are held back, cut in the middle of an event, read slowly, and resumed from ids of the future, of others and of nobody',
  invariant: 'nothing is shown twice, nothing is missed, nobody sees anything of others, and streams are capped',
  ci: false,
  seconds: 120,
  async run(run) {
    const fleet = await run.fleet({ nodes: 1 });
    const [node] = fleet.nodes;
    const complaints: string[] = [];
    const users = Array.from({ length: 10 }, (_, index) => `canary-s${index}`);
    const pages = await Promise.all(users.map((user) => pageOf(fleet.port, user)));
    const readers = pages.map((page) => new StreamClient(page));
    await eventually(() => readers.every(({ joins }) => joins > 0), 10_000);
    let tick = 0;
    const push = async (bytes: number): Promise<void> => {
      tick += 1;
      await node.ask({ do: 'publish', topic: 'tick', message: { tick, bytes } });
    };
    const everybodyAt = (at: number, ms: number): Promise<boolean> =>
      eventually(() => readers.every(({ shown }) => shown?.html.includes(`>${at} <`)), ms);

    let [heldBack, cuts] = [0, 0];
    const buffers = new Map<Line, Buffer[]>();
    fleet.proxy.weather = {
      answer(chunk, line) {
        if (run.dice.chance(0.05)) {
          cuts += 1;
          line.forwardDown({ bytes: chunk.subarray(0, run.dice.below(chunk.length)), opcode: 0 });
          setTimeout(line.cut, 5);
          return false;
        }
        const held = buffers.get(line);
        if (held) held.push(chunk);
        if (held) return false;
        if (!run.dice.chance(0.1)) return true;
        heldBack += 1;
        buffers.set(line, [chunk]);
        setTimeout(() => {
          line.forwardDown({ bytes: Buffer.concat(buffers.get(line) ?? []), opcode: 0 });
          buffers.delete(line);
        }, BUFFER_MS);
        return false;
      },
    };
    for (let round = 0; round < run.size(40, 400); round += 1) {
      await push(20);
      await wait(25);
    }
    fleet.proxy.weather = {};
    await wait(BUFFER_MS + 50);
    await push(20);
    if (!(await everybodyAt(tick, 8_000))) complaints.push(`missed: not everybody shows ${tick} in the end`);
    const joins = readers.map((reader) => reader.joins);
    fleet.proxy.cutAll();
    const back = await eventually(() => readers.every((reader, index) => reader.joins > joins[index]), 8_000);
    if (!back || !(await everybodyAt(tick, 8_000))) complaints.push(`missed: not everybody shows ${tick} after a cut`);
    const [repeated, missed] = [sum(readers, 'repeated'), sum(readers, 'missed')];
    const reconnects = sum(readers, 'connections') - readers.length;
    if (repeated > 0) complaints.push(`repeated: ${repeated} renders of what was shown`);
    if (missed > 0) complaints.push(`missed: ${missed} versions`);

    const [first, second] = readers;
    const now = first.shown;
    const ids = {
      future: `${now?.e}@${(now?.v ?? 0) + 1_000}`,
      foreign: second.lastEventId ?? '',
      'many places': '-,'.repeat(500),
      garbage: '\u00ff<script>',
      negative: `${now?.e}@-1`,
      prototype: '__proto__.x@1',
    };
    const answers: Record<string, string> = {};
    for (const [name, lastEventId] of Object.entries(ids)) {
      const odd = new StreamClient({ ...pages[0], lastEventId });
      const isShown = await eventually(() => odd.shown?.v === now?.v && odd.shown?.e === now?.e, 5_000);
      answers[name] = isShown ? (odd.refusals[0] ?? 'shown') : `not shown ${odd.refusals.slice(0, 3).join()}`;
      if (!isShown) complaints.push(`resume: with a ${name} id the present state is not shown (${answers[name]})`);
      complaints.push(...checkIsolated([odd.ears]));
      odd.close();
      await wait(50);
    }
    // Somebody else's page: the token is bound to its owner.
    const thief = new StreamClient({ ...pages[0], user: 'canary-thief' });
    await eventually(() => thief.refusals.length > 0 || thief.joins > 0, 5_000);
    if (thief.joins > 0 || thief.ears.heard.size > 0) complaints.push('isolation: a stranger reads the stream');
    thief.close();

    await wait(200);
    const more = Array.from({ length: 5 }, () => new StreamClient(pages[2]));
    await eventually(() => more.every(({ refusals, joins }) => refusals.length + joins > 0), 5_000);
    const open = more.filter(({ joins }) => joins > 0).length + 1;
    const refused = more.flatMap(({ refusals }) => refusals)[0] ?? 'nobody';
    if (open !== 4 || refused !== 'TOO_MANY_SUBSCRIPTIONS') complaints.push(`cap: ${open} streams, then ${refused}`);
    more.forEach((reader) => reader.close());

    // Not through the network of the harness: that would read for it.
    const slow = new StreamClient({ ...pages[9], port: node.port });
    readers.push(slow);
    await eventually(() => slow.joins > 0, 5_000);
    const slowJoins = slow.joins;
    const before = await node.vitals();
    slow.pause();
    for (let large = 0; large < run.size(400, 2_000); large += 1) {
      await push(SLOW_BYTES);
      await wait(5);
    }
    const during = await node.vitals();
    slow.resume();
    if (!(await everybodyAt(tick, 40_000))) complaints.push('slow: somebody does not show the latest state');
    const heldMiB = Math.round(during.heldMiB - before.heldMiB);
    if (heldMiB > 16) complaints.push(`bounds: ${heldMiB} MiB are held for one slow reader`);
    const last = await node.vitals();
    complaints.push(...checkIsolated(readers.map(({ ears }) => ears)), ...checkQuiet([last]), ...checkLog([last]));
    readers.forEach((reader) => reader.close());
    const slowEnd = slow.joins > slowJoins ? 'came back' : 'caught up';
    return {
      complaints,
      figures: { ticks: tick, heldBack, cuts, reconnects, repeated, missed, ...answers, heldMiB, slowEnd },
    };
  },
};

const sum = (readers: readonly StreamClient[], name: 'repeated' | 'missed' | 'connections'): number =>
  readers.reduce((total, reader) => total + reader[name], 0);
