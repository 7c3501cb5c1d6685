import { checkLog, checkQuiet } from '../checkers/checkers.js';
import { PatientClient } from '../clients/patient.client.js';
import { RawSocket } from '../clients/raw.socket.js';
import type { Dice } from '../dice.js';
import type { FaultCase } from './fault.case.js';
import { eventually, figuresOf, wait } from './load.js';

/** More than so much after the first fifth is a leak. */
const [HELD_MIB, RSS_MIB] = [8, 32];

const SEEDS = [
  '42["some","data"',
  '420/admin,"invalid"',
  '420[]',
  '421/admin,{}',
  '422[{"toString":"foo"}]',
  '422[true,"foo"]',
  '422["connect"]',
  '45',
  '451',
  '455a-',
  '4551.23-',
  '4999',
  '451-["x",{"_placeholder":true,"num":0}]',
  '459-["x",{"_placeholder":true,"num":-1}]',
  '451-["x",{"_placeholder":true,"num":"__proto__"}]',
  '421["mount",{"component":"counter"}]',
  '422["join",{"component":"counter","component_id":"x","state":"y","page":"0123456789abcdef"}]',
  '423["component_event",{"component":"counter","event":"increment","state":"z"}]',
  '424[1,1,"increment"]',
  '425[1e400,-1,"increment",{}]',
  '426[1,1,"__proto__",{"constructor":{"prototype":{"polluted":1}}}]',
  '427["cancel",{}]',
  '428["leave",null]',
  '429["error","boo"]',
  '40/admin,',
  '40',
  '41',
  '6',
  '5',
  '3probe',
  '\u0000',
  '',
  '\u{1F600}',
  `42["x",${'['.repeat(200)}${']'.repeat(200)}]`,
];

const mutate = (text: string, dice: Dice): Buffer => {
  const bytes = Buffer.from(text);
  switch (dice.below(6)) {
    case 0:
      if (bytes.length > 0) bytes[dice.below(bytes.length)] ^= 1 << dice.below(8);
      return bytes;
    case 1:
      return bytes.subarray(0, dice.below(bytes.length + 1));
    case 2:
      return Buffer.concat([bytes, Buffer.from(dice.pick(SEEDS))]);
    case 3:
      return Buffer.from(text.repeat(1 + dice.below(20)));
    case 4:
      return Buffer.from(text.replace(/\d/, () => dice.pick(['-1', '1e20', '999999999999', 'NaN', 'null'])));
    default:
      return bytes;
  }
};

const FIRST_BYTES = [0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x82, 0x01, 0x80, 0x83, 0x88, 0x8f, 0xc1];

/** Well-formed messages that make no sense. */
const NONSENSE = [
  '["mount",{"component":"__proto__"}]',
  '["mount",{"component":7}]',
  '["join",{"component":"counter","component_id":"x","state":"y","page":"0123456789abcdef"}]',
  '["subscribe",{}]',
  '["component_event",{"component":"counter","event":"increment","state":"z"}]',
  '["leave",{"component_id":"x"}]',
  '["unsubscribe",{}]',
  '[1,1,"increment"]',
  '[1e400,-1,"increment",{}]',
  '[9,1,"__proto__",{"constructor":{}}]',
];

/** @returns how many of them were not answered exactly once */
const askWrongly = async (port: number, dice: Dice, count: number): Promise<number> => {
  const socket = await RawSocket.open(port);
  for (let ack = 1; ack <= count; ack += 1) {
    socket.say(`42${ack}${dice.pick(NONSENSE)}`);
    if (ack % 8 === 0) await socket.until((text) => text.startsWith(`43${ack}[`), 2_000);
  }
  await wait(500);
  const answers = new Map<string, number>();
  for (const text of socket.heard) {
    const [, ack] = /^43(\d+)\[/.exec(text) ?? [];
    if (ack !== undefined) answers.set(ack, (answers.get(ack) ?? 0) + 1);
  }
  socket.close();
  return Array.from({ length: count }, (_, index) => answers.get(String(index + 1))).filter((n) => n !== 1).length;
};

export const malformedFrames: FaultCase = {
  id: 'K19',
  name: 'malformed-frames',
  fault: 'damaged WebSocket, Socket.IO and protocol frames over many connections',
  invariant: 'the process lives, nothing is unhandled, every event of other clients is acknowledged',
  ci: true,
  seconds: 120,
  async run(run) {
    const fleet = await run.fleet({ nodes: 1 });
    const [node] = fleet.nodes;
    const history = run.history();
    const canaries = await Promise.all(
      Array.from({ length: run.size(5, 20) }, (_, index) =>
        PatientClient.open({ port: fleet.port, history, name: `canary${index}`, component: 'counter' }),
      ),
    );
    await Promise.all(canaries.map((client) => client.call('increment', `${client.name}.0`)));
    const frames = run.size(1_500, 10_000);
    const sockets = new Map<number, RawSocket>();
    let before = await node.vitals();
    let [sent, reconnects] = [0, 0];
    for (; sent < frames; sent += 1) {
      // A process that has just begun still grows to its working size; what grows after that is kept for good.
      if (sent === frames / 5) before = await node.vitals();
      const slot = run.dice.below(50);
      let socket = sockets.get(slot);
      if (!socket || socket.isClosed) {
        socket = await RawSocket.open(node.port);
        sockets.set(slot, socket);
        reconnects += 1;
      }
      if (run.dice.chance(0.03))
        socket.spill(Buffer.from([0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]));
      else socket.sayBytes(mutate(run.dice.pick(SEEDS), run.dice).subarray(0, 60_000), run.dice.pick(FIRST_BYTES));
      if (sent % 50 === 0)
        await Promise.all(canaries.map((client) => client.call('increment', `${client.name}.${sent + 1}`)));
    }
    const unanswered = await askWrongly(node.port, run.dice, run.size(300, 2_000));
    sockets.forEach((socket) => socket.close());
    await wait(300);
    let after = await node.vitals();
    const { maxLagMs } = after;
    const grown = (): number => Math.round(after.rssMiB - before.rssMiB);
    // What a busy process has taken it gives back by and by; what it holds is not given back.
    await eventually(async () => grown() < RSS_MIB || ((after = await node.vitals()), false), 10_000);
    const [heldMiB, rssMiB] = [Math.round(after.heldMiB - before.heldMiB), grown()];
    const { p99Ms } = figuresOf(history);
    const complaints = [
      ...checkQuiet([after]),
      ...checkLog([after]),
      ...(node.isUp ? [] : ['alive: the node ended']),
      ...(history.count('ok') === history.count('invoke') ? [] : ['canary: an event was not acknowledged']),
      ...(unanswered === 0 ? [] : [`answers: ${unanswered} messages were not answered exactly once`]),
      ...(run.scale === 'ci' || maxLagMs < 200 ? [] : [`lag: ${Math.round(maxLagMs)} ms`]),
      ...(run.scale === 'ci' || heldMiB < HELD_MIB ? [] : [`leak: ${heldMiB} MiB more are held`]),
      ...(run.scale === 'ci' || rssMiB < RSS_MIB ? [] : [`leak: ${rssMiB} MiB more`]),
    ];
    canaries.forEach((client) => client.close());
    return {
      complaints,
      figures: {
        sent,
        connections: reconnects,
        notAnsweredOnce: unanswered,
        heldMiB,
        rssMiB,
        maxLagMs: Math.round(maxLagMs),
        canaryP99Ms: p99Ms,
      },
    };
  },
};

const POISON = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"id":"x"}';
const nested = (depth: number): string => (depth === 0 ? POISON : `{"inner":${nested(depth - 1)}}`);
const NAMES = ['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString', 'valueOf', 'then'];

export const protoPayloads: FaultCase = {
  id: 'K20',
  name: 'proto-payloads',
  fault: 'names that reach prototypes, in every field of every message, over sockets and HTTP',
  invariant: 'Object.prototype and the state of others are untouched; every input has its answer',
  ci: true,
  seconds: 60,
  async run(run) {
    const fleet = await run.fleet({ nodes: 1 });
    const [node] = fleet.nodes;
    const history = run.history();
    const canary = await PatientClient.open({ port: fleet.port, history, name: 'canary', component: 'ledger' });
    await canary.call('append', 'canary.0', { id: 'canary.0' });
    const before = JSON.stringify(await fleet.position(canary.id));
    const socket = await RawSocket.open(node.port);
    const complaints: string[] = [];
    let tried = 0;
    const bodies = [
      ...[0, 1, 5, 12].map((depth) => `{"component":"ledger","event":"append","payload":${nested(depth)}}`),
      ...NAMES.flatMap((name) => [
        `{"component":"${name}"}`,
        `{"component":"ledger","event":"${name}","state":"x"}`,
        `{"component":"ledger","params":{"${name}":1}}`,
        `{"component":"form","event":"$set","fields":{"${name}":"1"},"state":"x"}`,
        `{"component":"ledger","component_id":"${name}","state":"${name}","event":"append"}`,
      ]),
    ];
    for (const body of bodies) {
      for (const message of ['mount', 'join', 'subscribe', 'component_event', 'leave']) {
        tried += 1;
        const ack = `43${tried}[`;
        const answer = socket.until((text) => text.startsWith(ack), 2_000);
        socket.say(`42${tried}["${message}",${body}]`);
        if (!(await answer)) complaints.push(`no answer to ${message} ${body.slice(0, 60)}`);
      }
      tried += 1;
      const response = await fetch(`http://127.0.0.1:${node.port}/components/ledger`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body,
      });
      if (response.status >= 500) complaints.push(`HTTP ${response.status} to ${body.slice(0, 60)}`);
    }
    const vitals = await node.vitals();
    if (vitals.polluted.length > 0) complaints.push(`polluted: ${vitals.polluted.join()}`);
    if (JSON.stringify(await fleet.position(canary.id)) !== before) complaints.push('isolation: the canary changed');
    complaints.push(...checkQuiet([vitals]), ...checkLog([vitals]));
    socket.close();
    canary.close();
    return { complaints, figures: { inputs: tried } };
  },
};
